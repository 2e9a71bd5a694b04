// The sample of eSIMfly's documentation (Node.js and Express), with what its "Best Practices" ask for beside it: deliveries that
// were received before are recognised by their id. Where DATABASE names a file, each is kept there before it is answered.
import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

const secret = process.env.ESIMFLY_WEBHOOK_SECRET;

const app = express();
app.use(express.json());

const remember = process.env.DATABASE ? await database(process.env.DATABASE) : inMemory();

app.post('/webhooks/esimfly', (req, res) => {
  if (!verifySignature(req.body, req.headers['x-esimfly-signature'])) {
    return res.status(401).send('Invalid signature');
  }
  remember(req.headers['x-esimfly-delivery-id'], req.body);
  res.status(200).send('OK');
});

app.get('/health/ready', (req, res) => res.send('OK'));
app.listen(Number(process.env.PORT), '127.0.0.1');

function verifySignature(payload, signature) {
  const hash = createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex');
  return timingSafeEqual(Buffer.from(signature), Buffer.from(hash));
}

function inMemory() {
  const ids = new Set();
  return (id) => ids.add(id);
}

async function database(file) {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE deliveries (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID');
  const insert = db.prepare('INSERT OR IGNORE INTO deliveries VALUES (?, ?)');
  return (id, body) => insert.run(id, JSON.stringify(body));
}

// The same open loop on the same machine: an endpoint that stores nothing, SQLite, and PostgreSQL with one and three instances.
import { join } from 'node:path';
import * as desks from '../lib/desk.mjs';
import { startServer, stopServer, tools } from '../lib/postgres.mjs';
import {
  build, freePort, makeFolder, need, prepareLoad, removeFolder, secret, setting, sleep, start, startLoad, stop,
} from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';

const rate = Number(process.argv[2] ?? 12_000);
const seconds = Number(process.argv[3] ?? 15);
const rounds = setting('ROUNDS', 3);
const connections = setting('CONNECTIONS', 240);

need('dotnet');
tools();
const ceiling = build('ceiling');
const [[, product]] = desks.products();
prepareLoad();

const contenders = [
  ['stores nothing', startCeiling],
  ['SQLite', () => startDesks(1)],
  ['PostgreSQL, 1 instance', () => startDesks(1, true)],
  ['PostgreSQL, 3 instances', () => startDesks(3, true)],
];
const turns = new Map(contenders.map(([name]) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  for (const [name, begin] of contenders) {
    const turn = await take(begin);
    turns.get(name).push(turn);
    console.error(`round ${round}, ${name}: ${number(turn.acceptedRate)} accepted/s, folded ${number(turn.folded)} ms after the end`);
  }
}

const of = (name, key) => median(turns.get(name).map((turn) => turn[key]));
print(
  `${number(rate)} deliveries a second for ${seconds} s, from fresh processes on; median of ${rounds}`,
  ['', 'accepted/s', 'of SQLite', 'refused', 'p50 ms', 'p99 ms', 'most waiting', 'nothing waits after, ms', 'projected/s', 'of SQLite'],
  contenders.map(([name]) => [
    name, number(of(name, 'acceptedRate')), number(of(name, 'acceptedRate') / of('SQLite', 'acceptedRate'), 2), number(of(name, 'refused')),
    number(of(name, 'p50'), 1), number(of(name, 'p99'), 1), number(of(name, 'mostWaiting')), number(of(name, 'folded')),
    number(of(name, 'projectedRate')), number(of(name, 'projectedRate') / of('SQLite', 'projectedRate'), 2),
  ]));
console.log('\nThe sender and the server run on the same processors. Times count from when a delivery was due.');

async function startCeiling() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = start('dotnet', [ceiling, `--urls=${url}`], { env: { ...process.env, ESIMFLY_WEBHOOK_SECRET: secret } });
  await desks.untilAnswered(child, `${url}/health/ready`);
  return { urls: [url], end: () => stop(child) };
}

async function startDesks(count, isPostgres = false) {
  const data = join(makeFolder(), 'data');
  const server = isPostgres ? await startServer() : undefined;
  const settings = server ? ['--Storage:Provider=Postgres', `--ConnectionStrings:Desk=${server.connection}`] : [];
  const all = [];
  for (let i = 0; i < count; i++) {
    all.push(await desks.startDesk(product, data, settings));
  }
  return {
    urls: all.map((desk) => desk.url),
    desks: all,
    end: async () => {
      await Promise.all(all.map(desks.stopDesk));
      if (server) {
        stopServer(server);
      }
      removeFolder(join(data, '..'));
    },
  };
}

async function take(begin) {
  const { urls, desks: all = [], end } = await begin();
  const senders = urls.map((url, i) => startLoad('send', {
    url, rate: Math.round(rate / urls.length), seconds, connections: Math.round(connections / urls.length), prefix: `RUN${i}-`,
  }));
  const ended = Promise.all(senders.map((sender) => sender.ended));
  let mostWaiting = 0;
  let isSending = true;
  ended.then(() => (isSending = false));
  while (isSending) {
    await Promise.race([sleep(500), ended]);
    if (isSending && all.length > 0) {
      mostWaiting = Math.max(mostWaiting, (await desks.health(all[0])).waiting);
    }
  }
  if ((await ended).some((code) => code !== 0)) {
    throw new Error(senders.map((sender) => sender.output).join('\n'));
  }
  const results = senders.map((sender) => JSON.parse(sender.output.trim().split('\n').at(-1)));
  const folded = all.length > 0 ? await desks.untilFolded(all[0], { everyMs: 20 }) : 0;
  await end();
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const took = Math.max(...results.map((result) => result.seconds));
  return {
    mostWaiting, folded, refused: sum('refused'),
    p50: median(results.map((result) => result.p50)),
    p99: Math.max(...results.map((result) => result.p99)),
    acceptedRate: sum('accepted') / took, projectedRate: all.length > 0 ? sum('accepted') / (took + folded / 1000) : NaN,
  };
}

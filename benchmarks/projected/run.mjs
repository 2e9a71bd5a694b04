// A constant rate of deliveries, and how soon all is folded.
import { join } from 'node:path';
import * as desks from '../lib/desk.mjs';
import { load, makeFolder, need, prepareLoad, removeFolder, setting } from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';
import { offer } from './offer.mjs';

const rate = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 60);
const rounds = setting('ROUNDS', 1);
const warmUp = setting('WARMUP', 0); // seconds at a fifth of the rate before; 0 begins with a fresh process
const connections = setting('CONNECTIONS', 256);

need('dotnet');
const products = desks.products();
prepareLoad();

const turns = new Map(products.map(([name]) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  for (const [name, folder] of products) {
    const turn = await take(folder);
    turns.get(name).push(turn);
    console.error(`round ${round}, ${name}: ${number(turn.accepted)} accepted, folded ${number(turn.folded)} ms after the end`);
  }
}

print(
  `${number(rate)} deliveries a second for ${seconds} s, ${warmUp > 0 ? 'warmed up' : 'from a fresh process on'}; median of ${rounds}`,
  [
    'product', 'accepted/s', 'refused', 'p50 ms', 'p99 ms', 'longest ms', 'most waiting', 'nothing waits after, ms', 'projected/s',
    'sender, cores', 'written, bytes', 'kept, bytes',
  ],
  products.map(([name]) => {
    const of = (key) => median(turns.get(name).map((turn) => turn[key]));
    return [
      name, number(of('acceptedRate')), number(of('refused')), number(of('p50'), 1), number(of('p99'), 1), number(of('most')),
      number(of('mostWaiting')), number(of('folded')), number(of('projectedRate')), number(of('senderCores'), 2), number(of('written')),
      number(of('kept')),
    ];
  }));
console.log('\nTimes count from when a delivery was due, not from when it could be sent.');

async function take(folder) {
  const data = join(makeFolder(), 'data');
  const desk = await desks.startDesk(folder, data);
  const empty = desks.keptBytes(data);
  if (warmUp > 0) {
    await load('send', { url: desk.url, rate: rate / 5, seconds: warmUp, connections, prefix: 'WARM-', first: 100_000_000 });
    await desks.untilFolded(desk);
  }

  const turn = await offer(desk, { rate, seconds, connections });
  await desks.stopDesk(desk);
  const kept = (desks.keptBytes(data) - empty) / (turn.accepted + warmUp * rate / 5);
  removeFolder(join(data, '..'));
  return { ...turn, kept };
}

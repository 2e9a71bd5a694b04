// Every contender in turn, each turn a fresh process on nothing: at once (cold), then warmed up, then again (warm).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as desks from '../lib/desk.mjs';
import {
  build, freePort, fsyncMs, here, load, makeFolder, need, needPackages, removeFolder, secret, setting, sleep, start, stop,
} from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';
import { blast } from './wrk.mjs';

const seconds = Number(process.argv[2] ?? 6);
const rounds = Number(process.argv[3] ?? 3);
const warmUp = setting('WARMUP', 15);
const most = setting('MOST', 100_000); // deliveries a second that the file is made for

need('wrk', 'dotnet');
needPackages();
const work = makeFolder();
const ceiling = build('ceiling');

const contenders = [
  { name: 'a. Express sample, in memory', start: (folder) => startPeer('node', [join(here, 'receive', 'express.mjs')], {}, folder) },
  {
    name: 'b. Express, SQLite, FULL',
    start: (folder) => startPeer('node', [join(here, 'receive', 'express.mjs')], { DATABASE: join(folder, 'deliveries.db') }, folder),
  },
  { name: 'c. Kestrel, stores nothing', start: (folder) => startPeer('dotnet', [ceiling], {}, folder) },
  ...desks.products().map(([name, folder]) => ({
    name,
    start: async (data) => {
      const desk = await desks.startDesk(folder, data);
      return { ...desk, isDesk: true };
    },
  })),
];

const requests = join(work, 'requests');
const count = (2 * seconds + warmUp) * most;
console.error(`Making ${number(count)} signed deliveries.`);
await load('generate', { file: requests, count, prefix: 'RUN-' });

const nothing = () => ({ cold: [], warm: [], written: [], kept: [], fsync: [], foldedCold: [], foldedWarm: [] });
const figures = new Map(contenders.map(({ name }) => [name, nothing()]));
for (let round = 1; round <= rounds; round++) {
  for (const contender of contenders) {
    const turn = await take(contender);
    const of = figures.get(contender.name);
    of.cold.push(turn.cold);
    of.warm.push(turn.warm);
    of.written.push(turn.written);
    of.kept.push(turn.kept);
    of.fsync.push(turn.fsync);
    of.foldedCold.push(turn.foldedCold);
    of.foldedWarm.push(turn.foldedWarm);
    const rates = `cold ${number(turn.cold.rate)}/s, warm ${number(turn.warm.rate)}/s`;
    console.error(`round ${round}, ${contender.name}: ${rates}, fsync ${number(turn.fsync, 2)} ms`);
  }
}

const rateOf = (name, phase) => median(figures.get(name)[phase].map((turn) => turn.rate));
for (const phase of ['cold', 'warm']) {
  const rows = contenders.map(({ name }) => {
    const turns = figures.get(name)[phase];
    const rate = rateOf(name, phase);
    return [
      name, number(rate), ...['p50', 'p99'].map((key) => number(median(turns.map((turn) => turn[key])), 1)),
      ...contenders.slice(0, 3).map((peer) => number(rate / rateOf(peer.name, phase), 2)),
      number(turns.reduce((sum, turn) => sum + turn.bad, 0)),
    ];
  });
  const when = phase === 'cold' ? 'from the first request of a fresh process' : `after ${seconds + warmUp} s under load`;
  print(
    `Receiving, ${phase}: ${when}; 64 connections, ${seconds} s a turn, median of ${rounds}`,
    ['contender', 'deliveries/s', 'p50 ms', 'p99 ms', 'of a', 'of b', 'of c', 'not 2xx'], rows);
}
print(
  'Disk, a delivery of all in a turn, and folding after the end of load; medians',
  ['contender', 'written, bytes', 'kept, bytes', 'nothing waits after cold, ms', 'after warm, ms', 'fsync before, ms'],
  contenders.map(({ name }) => {
    const of = figures.get(name);
    const whole = [of.written, of.kept, of.foldedCold, of.foldedWarm].map((values) => number(median(values)));
    return [name, ...whole, number(median(of.fsync), 2)];
  }));

async function take(contender) {
  const folder = join(makeFolder(), 'data');
  mkdirSync(folder, { recursive: true });
  const fsync = fsyncMs(folder);
  const running = await contender.start(folder);
  const empty = desks.keptBytes(folder);
  const before = desks.writtenBytes(running.pid);
  const fold = () => (running.isDesk ? desks.untilFolded(running) : NaN);

  const cold = await blast(running.url, requests, 0, seconds);
  const foldedCold = await fold();
  const between = warmUp > 0 ? await blast(running.url, requests, cold.offset, warmUp) : { offset: cold.offset, accepted: 0 };
  await fold();
  await sleep(500);
  const warm = await blast(running.url, requests, between.offset, seconds);
  const foldedWarm = await fold();

  const accepted = cold.accepted + between.accepted + warm.accepted;
  const written = (desks.writtenBytes(running.pid) - before) / accepted;
  await stop(running.child);
  const kept = (desks.keptBytes(folder) - empty) / accepted;
  removeFolder(join(folder, '..'));
  return { cold, warm, written, kept, fsync, foldedCold, foldedWarm };
}

async function startPeer(command, args, environment, data) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = start(command, args, {
    env: {
      ...process.env, ESIMFLY_WEBHOOK_SECRET: secret, PORT: String(port), ASPNETCORE_URLS: url, NODE_ENV: 'production', ...environment,
    },
  });
  await desks.untilAnswered(child, `${url}/health/ready`);
  return { child, url, data, pid: child.pid };
}

// The log (esimfly.db) is the truth; read-model.db is built from it. Without read-model.db the product starts, says Degraded, and builds it
// in the background; once all is folded it says Healthy.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as desks from '../lib/desk.mjs';
import { need, sleep } from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';

const times = Number(process.argv[2] ?? 3);
const store = process.env.STORE && resolve(process.env.STORE);
const data = store && existsSync(join(store, 'data')) ? join(store, 'data') : store;
if (!data || !existsSync(join(data, 'read-model.db'))) {
  console.error('STORE must name a store that has a read-model.db, such as history/run.sh leaves behind.');
  process.exit(2);
}

need('dotnet');
const products = desks.products();
const taken = new Map(products.map(([name]) => [name, []]));
for (let i = 0; i < times; i++) {
  for (const [name, folder] of products) {
    // A store that was left in the middle of its work is not what is measured.
    let desk = await desks.startDesk(folder, data);
    await untilHealthy(desk);
    const deliveries = await desks.countDeliveries(desk);
    await desks.stopDesk(desk);

    for (const file of readdirSync(data).filter((file) => file.startsWith('read-model.db'))) {
      rmSync(join(data, file));
    }
    const from = performance.now();
    desk = await desks.startDesk(folder, data);
    const sawDegraded = await untilHealthy(desk);
    const ms = performance.now() - from;
    if (!sawDegraded) {
      console.error(`${name}: it was never seen Degraded; so small a store says little.`);
    }
    taken.get(name).push({ ms, rate: deliveries / (ms / 1000), deliveries, readyMs: desk.readyMs, peak: desks.memory(desk.pid).peak });
    console.error(`${name}: ${number(deliveries)} events in ${number(ms)} ms`);
    await desks.stopDesk(desk);
  }
}

print(
  `The projection built again from the log, the start of the process counted in; median of ${times}`,
  ['product', 'events', 'answers after, ms', 'Healthy after, ms', 'events/s', 'peak memory, MB'],
  products.map(([name]) => {
    const of = (key) => median(taken.get(name).map((turn) => turn[key]));
    return [name, number(of('deliveries')), number(of('readyMs')), number(of('ms')), number(of('rate')), number(of('peak'))];
  }));

/** Waits until it says Healthy and nothing waits; returns whether it ever reported something else. */
async function untilHealthy(desk) {
  let sawOther = false;
  for (let reported = performance.now(); ;) {
    const { status, waiting, words } = await desks.health(desk);
    if (status === 'Healthy' && waiting === 0) {
      return sawOther;
    }
    sawOther ||= status !== 'Healthy';
    if (desk.child.exitCode !== null) {
      throw new Error(desk.child.output);
    }
    if (performance.now() - reported > 10_000) {
      reported = performance.now();
      console.error(`  ${status}: ${words}`);
    }
    await sleep(50);
  }
}

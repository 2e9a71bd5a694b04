// The working copy and its base in turn (base, new, base, new, ...), each turn a fresh process on an empty folder. Exits with 1 where
// something has become worse by more than the limit, with 2 where it could not be measured.
import { statfsSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cookieOf, launch, signIn } from '../lib/browser.mjs';
import * as desks from '../lib/desk.mjs';
import { here, load, makeFolder, need, needPackages, prepareLoad, removeFolder, setting } from '../lib/run.mjs';
import { at, median, number, print } from '../lib/table.mjs';
import * as pixel from '../pixel/watch.mjs';
import { offer } from '../projected/offer.mjs';
import { blast } from '../receive/wrk.mjs';
import { take, withPages } from '../viewers/pages.mjs';
import { describe, findBase, hasChanges, publishCommit } from './base.mjs';

const usage = `Usage: run.sh [BASE]

Compares the working copy, uncommitted changes included, with the commit BASE (or the variable BASE). Without it: where the branch left
main; on main HEAD where there are uncommitted changes, its parent where there are none. Exit status: 0, 1 where a measure is worse by
more than 1.15, 2 where it could not be measured. Variables: ROUNDS (3) turns of each; MORE (3) turns of what looks worse;
PARTS ("load pages"); OVER (25000) deliveries a second, above capacity; MOST (50000) deliveries a second made for the closed loop;
PRODUCTS="base=/a new=/b" two published folders instead of building.`;

const limit = 1.15;
const rounds = setting('ROUNDS', 3);
const moreRounds = setting('MORE', 3);
const over = setting('OVER', 25_000);
const most = setting('MOST', 50_000);
const chosen = (process.env.PARTS ?? 'load pages').trim().split(/\s+/);
const patienceMs = 120_000;
const steady = { rate: 200, seconds: 8 };
const above = { rate: over, seconds: 3 };
const slices = { count: 3, seconds: 2 };
const shown = { rate: 100, seconds: 6 };
const viewed = { pages: 20, paths: '/,/orders,/deliveries,/esims', rate: 200, seconds: 10 };
const tmpfs = 0x01021994;
const lostOf = (turn) => turn.refused + turn.unanswered;

const less = (key, title, digits) => ({ key, title, digits });
const more = (key, title, digits) => ({ key, title, digits, isMoreBetter: true });
const parts = [
  {
    name: 'load',
    turn: takeLoad,
    measures: [
      more('closedRate', 'receive: accepted/s, 64 connections', 0),
      less('closedP99', 'receive: p99, ms', 1),
      more('steadyAccepted', `projected, ${number(steady.rate)}/s offered: accepted/s`, 1),
      more('steadyProjected', `projected, ${number(steady.rate)}/s offered: projected/s`, 1),
      less('steadyWritten', `projected, ${number(steady.rate)}/s offered: written, KB a delivery`, 1),
      less('steadyCpu', `projected, ${number(steady.rate)}/s offered: CPU, ms a delivery`, 2),
      more('aboveAccepted', `projected, ${number(above.rate)}/s offered: accepted/s`, 0),
      more('aboveProjected', `projected, ${number(above.rate)}/s offered: projected/s`, 0),
      less('aboveWritten', `projected, ${number(above.rate)}/s offered: written, KB a delivery`, 1),
      less('aboveCpu', `projected, ${number(above.rate)}/s offered: CPU, ms a delivery`, 3),
    ],
  },
  {
    name: 'pages',
    turn: takePages,
    measures: [
      less('OverviewMedian', 'pixel, Overview: median, ms', 0),
      less('OverviewP99', 'pixel, Overview: p99, ms', 0),
      less('OrdersMedian', 'pixel, Orders: median, ms', 0),
      less('OrdersP99', 'pixel, Orders: p99, ms', 0),
      less('p50', `viewers, ${viewed.pages} pages: POST p50, ms`, 1),
      less('p99', `viewers, ${viewed.pages} pages: POST p99, ms`, 1),
      less('memory', `viewers, ${viewed.pages} pages: memory, MB`, 0),
      less('cpu', `viewers, ${viewed.pages} pages: CPU, ms a delivery`, 2),
      more('updates', `viewers, ${viewed.pages} pages: updates/s of a page`, 1),
    ],
  },
].filter(({ name }) => chosen.includes(name));

if (process.argv.slice(2).some((word) => word.startsWith('-')) || process.argv.length > 3 || parts.length === 0) {
  console.error(usage);
  process.exit(2);
}
try {
  process.exitCode = await check();
} catch (fault) {
  console.error(fault);
  process.exit(2);
}

async function check() {
  need('dotnet', 'wrk', 'chromium');
  needPackages();
  if (statfsSync(tmpdir()).type === tmpfs) {
    throw new Error('TMPDIR must be on a disk: on tmpfs nothing is written.');
  }
  if (loadavg()[0] > cpus().length / 4) {
    console.error(`Something else runs on this machine: its load was ${number(loadavg()[0], 1)} in the last minute.`);
  }

  const from = performance.now();
  const { folders, title } = prepare();
  prepareLoad();
  const requests = join(makeFolder(), 'requests');
  if (chosen.includes('load')) {
    await load('generate', { file: requests, count: slices.count * slices.seconds * most, prefix: 'WRK-', first: 200_000_000 });
  }

  const turns = new Map(parts.map((part) => [part, { base: [], new: [] }]));
  await go(parts, rounds);
  // What looks worse may be noise: it is measured for longer, and all its turns count. The limit stays.
  await go(parts.filter((part) => compare(part).some((row) => row.isWorse)), moreRounds);
  const rows = parts.flatMap(compare);
  print(
    `${title}; medians of the turns, spread is (most - least) / median`,
    ['measure', 'base', 'new', 'ratio, worse > 1', 'turns', 'spread of base', 'of new', 'mark'],
    rows.map((row) => [
      row.title, number(row.base, row.digits), number(row.new, row.digits), number(row.ratio, 2), row.turns,
      `${number(100 * row.spread.base)} %`, `${number(100 * row.spread.new)} %`, row.isWorse ? '**worse**' : '',
    ]));
  return conclude(rows);

  async function go(some, times) {
    for (let round = 1; round <= times; round++) {
      for (const part of some) {
        for (const name of ['base', 'new']) {
          const began = performance.now();
          turns.get(part)[name].push(await part.turn(folders[name], requests));
          const [took, whole] = [performance.now() - began, performance.now() - from].map((ms) => number(ms / 1000));
          console.error(`${part.name}, turn ${turns.get(part)[name].length}, ${name}: ${took} s, ${whole} s in all`);
        }
      }
    }
  }

  function compare(part) {
    return part.measures.map((measure) => {
      const values = (name) => turns.get(part)[name].map((turn) => turn[measure.key]);
      const spread = (name) => (Math.max(...values(name)) - Math.min(...values(name))) / median(values(name));
      const [base, now] = [median(values('base')), median(values('new'))];
      const ratio = measure.isMoreBetter ? base / now : now / base;
      return {
        ...measure, base, new: now, ratio, turns: values('new').length, spread: { base: spread('base'), new: spread('new') },
        isWorse: !(ratio <= limit), // where there is no ratio, too
      };
    });
  }

  function conclude(rows) {
    const faults = (name) => [...turns.values()].flatMap((of) => of[name]).reduce((sum, turn) => sum + turn.faults, 0);
    const worse = rows.filter((row) => row.isWorse).map((row) => row.title);
    const [before, after] = [faults('base'), faults('new')];
    if (before + after > 0) {
      console.log(`\nRefused, not answered, lost or never shown: ${number(before)} in base, ${number(after)} in new.`);
    }
    console.log(`\nTook ${number((performance.now() - from) / 60_000, 1)} minutes.`);
    if (worse.length > 0) {
      console.log(`\nWorse by more than ${limit}: ${worse.join('; ')}.`);
    } else if (after > before) {
      console.log('\nMore was refused, not answered, lost or never shown than in base.');
    } else {
      console.log(`\nNothing is worse by more than ${limit}.`);
    }
    return worse.length > 0 || after > before ? 1 : 0;
  }
}

function prepare() {
  if (process.env.PRODUCTS) {
    const [[nameOfBase, base], [name, folder]] = desks.products();
    return { folders: { base, new: folder }, title: `${name} beside ${nameOfBase}` };
  }
  const commit = findBase(process.argv[2] ?? process.env.BASE);
  const title = `${describe('HEAD')}${hasChanges() ? ', with changes,' : ''} beside ${describe(commit)}`;
  console.error(`${title}\nPublishing both.`);
  return { folders: { base: publishCommit(commit), new: desks.publish(join(here, '..')) }, title };
}

// One process: a small rate, one above what it can do, and 64 connections that wait for nothing else.
async function takeLoad(folder, requests) {
  const data = join(makeFolder(), 'data');
  const desk = await desks.startDesk(folder, data);
  await warmUp(desk);
  const small = await offer(desk, { ...steady, patienceMs });
  const large = await offer(desk, { ...above, first: 10_000_000, patienceMs });
  const closed = [];
  for (let i = 0; i < slices.count; i++) {
    closed.push(await blast(desk.url, requests, closed.at(-1)?.offset ?? 0, slices.seconds));
  }
  await desks.stopDesk(desk);
  removeFolder(join(data, '..'));
  return {
    closedRate: median(closed.map((slice) => slice.rate)), closedP99: median(closed.map((slice) => slice.p99)),
    steadyAccepted: small.acceptedRate, steadyProjected: small.projectedRate, steadyWritten: small.written / 1000, steadyCpu: small.cpuMs,
    aboveAccepted: large.acceptedRate, aboveProjected: large.projectedRate, aboveWritten: large.written / 1000, aboveCpu: large.cpuMs,
    faults: lostOf(small) + lostOf(large) + closed.reduce((sum, slice) => sum + slice.bad, 0),
  };
}

// One process: first one page in Chromium, then many without a browser.
async function takePages(folder) {
  const data = join(makeFolder(), 'data');
  const desk = await desks.startDesk(folder, data);
  const browser = await launch();
  const context = await signIn(browser, desk);
  const cookies = [await cookieOf(context)];
  await warmUp(desk);
  await pixel.warmUp(desk, context);
  const turn = { faults: 0 };
  for (const [title, path] of pixel.pages.filter(([title]) => title !== 'Deliveries')) {
    const results = await pixel.watch(desk, context, path, shown);
    const times = results.map((result) => result.ms).filter(Number.isFinite);
    turn[`${title}Median`] = median(times);
    turn[`${title}P99`] = at(times, 0.99);
    turn.faults += results.length - times.length;
  }
  await browser.close();

  const seen = await withPages(desk, { ...viewed, cookies }, () => take(desk, { ...viewed, first: 20_000_000 }));
  await desks.stopDesk(desk);
  removeFolder(join(data, '..'));
  return {
    ...turn, p50: seen.p50, p99: seen.p99, memory: seen.now, cpu: seen.cpuMs, updates: seen.medianBatches,
    faults: turn.faults + lostOf(seen) + seen.closed,
  };
}

// Compiled and compiled again: what the first second of a process costs is measured by start.
async function warmUp(desk) {
  await load('send', { url: desk.url, rate: 1000, seconds: 3, prefix: 'WARM-', first: 100_000_000 });
  await desks.untilFolded(desk, { patienceMs });
}

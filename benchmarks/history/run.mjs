// Fills a store through the endpoint, or takes one that is filled; then times all that reads, each part after a start of its own,
// so that its first reads are first. Then receiving, on that store and on an empty one in turn.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { away, launch, open, signIn } from '../lib/browser.mjs';
import * as desks from '../lib/desk.mjs';
import { load, makeFolder, need, needPackages, prepareLoad, removeFolder, setting, startLoad } from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';
import { blast } from '../receive/wrk.mjs';
import { api, paged, pages, searches } from './views.mjs';

const deliveries = Number(process.argv[2] ?? 5_000_000);
const orders = Number(process.argv[3] ?? 1_000_000);
const times = setting('TIMES', 5);
const rateSeconds = setting('RATE_SECONDS', 6);
const rateRounds = setting('RATE_ROUNDS', 3); // 0 leaves the store as it is
const parts = (process.env.PARTS ?? 'api pages hidden rate').split(/\s+/);

need('dotnet', 'wrk', 'chromium');
needPackages();
prepareLoad();
const products = desks.products();

for (const [name, folder] of products) {
  // Each build has a store of its own: another may have another format.
  const kept = process.env.STORE && resolve(process.env.STORE);
  await measure(name, folder, kept ? (products.length > 1 ? join(kept, name) : kept) : makeFolder());
}

async function measure(name, folder, store) {
  const data = join(store, 'data');
  const filled = await fill(name, folder, store, data);
  const fit = (text) => text.replaceAll('{N}', String(filled.newest));
  const of = `${name}: ${number(filled.deliveries)} deliveries, ${number(filled.orders)} orders, ${number(desks.keptBytes(data) / 1e6)} MB`;

  if (parts.includes('api')) {
    await withDesk(folder, data, async (desk) => {
      const taken = new Map();
      for (const path of api.map(fit)) {
        await note(taken, path, async () => (await desks.readApi(desk, path)).ms);
      }
      for (const path of paged) {
        const { answer } = await desks.readApi(desk, path);
        const next = `${path}${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(answer.next_cursor ?? '')}`;
        await note(taken, `${path}, second page`, async () => (await desks.readApi(desk, answer.next_cursor ? next : path)).ms);
      }
      report(`The read API. ${of}`, taken);
    });
  }

  for (const [part, words, hides] of [['pages', 'tests shown', false], ['hidden', 'tests hidden', true]]) {
    if (parts.includes(part)) {
      await withDesk(folder, data, (desk) => readPages(desk, fit, hides, `The pages, ${words}. ${of}`));
    }
  }

  if (parts.includes('rate') && rateRounds > 0) {
    await compareRates(name, folder, data, of);
  }
}

async function fill(name, folder, store, data) {
  const note = join(store, 'filled.json');
  if (existsSync(note)) {
    return JSON.parse(readFileSync(note, 'utf8'));
  }

  mkdirSync(data, { recursive: true });
  console.error(`${name}: filling ${store} with ${number(deliveries)} deliveries of ${number(orders)} orders.`);
  const desk = await desks.startDesk(folder, data);
  const from = performance.now();
  const before = desks.writtenBytes(desk.pid);
  const loader = startLoad('fill', { url: desk.url, deliveries, orders, prefix: 'H-' });
  loader.stderr.pipe(process.stderr);
  if (await loader.ended !== 0) {
    throw new Error(loader.output);
  }
  const sent = JSON.parse(loader.output.trim().split('\n').at(-1));
  const received = performance.now() - from;
  const progress = (words) => console.error(`  ${words}`);
  await desks.untilFolded(desk, { everyMs: 500, patienceMs: 6 * 3_600_000, progress });
  const folded = performance.now() - from;
  const written = desks.writtenBytes(desk.pid) - before;
  const newest = /ORD-H-(\d+)/.exec((await desks.readApi(desk, '/api/v1/orders?limit=1')).answer.items[0].order_id)[1];
  const { peak } = desks.memory(desk.pid);
  await desks.stopDesk(desk);
  const filled = { deliveries: sent.accepted, orders, newest: Number(newest) };
  writeFileSync(note, JSON.stringify(filled));
  print(
    'Filling the store',
    ['product', 'deliveries', 'received/s', 'folded/s', 'refused, sent again', 'written, bytes', 'kept, bytes', 'peak memory, MB'],
    [[
      name, ...[
        sent.accepted, sent.accepted / received * 1000, sent.accepted / folded * 1000, sent.refused, written / sent.accepted,
        desks.keptBytes(data) / sent.accepted, peak,
      ].map((value) => number(value)),
    ]]);
  return filled;
}

async function readPages(desk, fit, hides, title) {
  const browser = await launch();
  const context = await signIn(browser, desk);
  await context.addInitScript((hides) => localStorage.setItem('esimfly.hideTests', JSON.stringify(hides)), hides);
  const page = await open(context, desk, away);
  const shown = new Map();
  const read = new Map();
  for (const path of pages.map(fit)) {
    await note(shown, path, async () => {
      const result = await page.evaluate(go, path);
      if (Number.isFinite(result.read)) {
        read.set(path, [...(read.get(path) ?? []), result.read]);
      }
      await page.evaluate(go, away);
      return result.ms;
    });
  }
  report(title, shown, read);

  const [found, own] = [new Map(), new Map()];
  await page.keyboard.press('Control+k');
  for (const term of searches.map(fit)) {
    await note(found, term, async () => {
      await page.evaluate(search, '');
      await page.waitForTimeout(100);
      const result = await page.evaluate(search, term);
      own.set(term, [...(own.get(term) ?? []), result.read]);
      return result.ms;
    });
  }
  report(title.replace('The pages', 'The search'), found, own);
  await browser.close();
}

// Within the page, as a click on a link does it: from going there until nothing of it is loading any more.
async function go(path) {
  const before = document.querySelector('h1');
  const from = performance.now();
  Blazor.navigateTo(path);
  const isThere = () => document.querySelector('h1') !== before && document.querySelector('h1')
    && location.pathname + location.search === path && !document.querySelector('main .mud-skeleton, main [aria-busy=true]');
  while (!isThere()) {
    if (performance.now() - from > 120_000) {
      throw new Error(`${path} is not shown after two minutes.`);
    }
    await new Promise((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        done();
      });
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      setTimeout(() => {
        observer.disconnect();
        done();
      }, 50);
    });
  }
  const ms = performance.now() - from;
  return { ms, read: parseFloat(document.querySelector('main [data-read-ms]')?.dataset.readMs ?? 'NaN') };
}

// Within the page: from typing a term until its results stand there. The term is shown before they are, so what tells is a change
// of the results, or of the time that they say they took. Where nothing changes in ten seconds, there was nothing to change.
async function search(term) {
  const [input, results] = [document.getElementById('search-term'), document.getElementById('search-results')];
  let changedAt = NaN;
  const observer = new MutationObserver((changes) => {
    if (changes.some((change) => change.type === 'childList' || change.attributeName === 'data-read-ms')) {
      changedAt = performance.now();
    }
  });
  observer.observe(results, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-read-ms'] });
  const from = performance.now();
  input.value = term;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  const patience = term === '' ? 500 : 10_000;
  while ((results.dataset.term !== term || Number.isNaN(changedAt)) && performance.now() - from < patience) {
    await new Promise((done) => setTimeout(done, 5));
  }
  observer.disconnect();
  return { ms: changedAt - from, read: Number(results.dataset.readMs) };
}

async function compareRates(name, folder, data, of) {
  const requests = join(makeFolder(), 'requests');
  // Unlike any that the store may have from an earlier run.
  const count = rateSeconds * setting('MOST', 60_000) * rateRounds;
  await load('generate', { file: requests, count, prefix: `R${Date.now().toString(36)}-` });
  const turns = { empty: [], filled: [] };
  const offsets = { empty: 0, filled: 0 };
  for (let round = 0; round < rateRounds; round++) {
    for (const kind of ['empty', 'filled']) {
      const own = kind === 'empty' ? join(makeFolder(), 'data') : data;
      await withDesk(folder, own, async (desk) => {
        const before = desks.writtenBytes(desk.pid);
        const turn = await blast(desk.url, requests, offsets[kind], rateSeconds);
        const folded = await desks.untilFolded(desk);
        offsets[kind] = turn.offset;
        turns[kind].push({ ...turn, folded, written: (desks.writtenBytes(desk.pid) - before) / turn.accepted });
      });
      if (kind === 'empty') {
        removeFolder(join(own, '..'));
      }
    }
  }
  const figure = (kind, key) => median(turns[kind].map((turn) => turn[key]));
  print(
    `Receiving from a fresh process on, ${rateSeconds} s a turn, median of ${rateRounds}. ${of}`,
    ['store', 'deliveries/s', 'of the empty', 'p50 ms', 'p99 ms', 'not 2xx', 'nothing waits after, ms', 'written, bytes'],
    ['empty', 'filled'].map((kind) => [
      kind, number(figure(kind, 'rate')), number(figure(kind, 'rate') / figure('empty', 'rate'), 2), number(figure(kind, 'p50'), 1),
      number(figure(kind, 'p99'), 1), number(figure(kind, 'bad')), number(figure(kind, 'folded')), number(figure(kind, 'written')),
    ]));
}

async function withDesk(folder, data, action) {
  const desk = await desks.startDesk(folder, data);
  await desks.untilFolded(desk);
  await action(desk);
  await desks.stopDesk(desk);
}

// The first time apart, and then as often as asked for.
async function note(taken, key, action) {
  taken.set(key, []);
  for (let i = 0; i <= times; i++) {
    taken.get(key).push(await action());
  }
}

function report(title, taken, own = new Map()) {
  const rows = [...taken].map(([key, [first, ...others]]) => {
    const read = own.get(key);
    const ownTimes = own.size > 0 ? [number(read?.[0] ?? NaN, 1), number(median(read?.slice(1) ?? []), 1)] : [];
    return [key, number(first, 1), number(median(others), 1), number(Math.max(...others), 1), ...ownTimes];
  });
  const headings = ['read', 'first, ms', `median of ${times}`, 'most', ...(own.size > 0 ? ['its own time, first', 'median'] : [])];
  print(title, headings, rows);
  const firsts = [...taken].map(([key, [first]]) => [first, key]).sort((a, b) => b[0] - a[0]);
  const slow = firsts.filter(([ms]) => ms > 100).length;
  console.log(`\nThe slowest first time: ${number(firsts[0][0], 1)} ms, ${firsts[0][1]}. Over 100 ms: ${slow} of ${firsts.length}.`);
}

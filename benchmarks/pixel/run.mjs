#!/usr/bin/env node
// From just before a delivery is posted until its text stands in an open page. Usage: run.mjs [SECONDS a page and rate].
import { randomBytes } from 'node:crypto';
import { launch, open, signIn } from '../lib/browser.mjs';
import { products as findProducts, startDesk, stopDesk, untilFolded } from '../lib/desk.mjs';
import { need, setting, sleep } from '../lib/run.mjs';
import { orderCreated, post } from '../lib/signed.mjs';
import { at, median, number, print } from '../lib/table.mjs';

const seconds = Number(process.argv[2] ?? 30);
const rounds = setting('ROUNDS', 1);
const rates = (process.env.RATES ?? '1 20 100').trim().split(/\s+/).map(Number);
const pages = [['Overview', '/'], ['Orders', '/orders'], ['Deliveries', '/deliveries']];

need('dotnet', 'chromium');
const products = findProducts();
const browser = await launch();
const taken = new Map();
for (let round = 1; round <= rounds; round++) {
  for (const [name, folder] of products) {
    const desk = await startDesk(folder);
    const context = await signIn(browser, desk);
    await warmUp(desk, context);
    for (const [title, path] of pages) {
      for (const rate of rates) {
        const key = JSON.stringify([name, title, rate]);
        taken.set(key, [...(taken.get(key) ?? []), ...await watch(desk, context, path, rate)]);
      }
      console.error(`round ${round}, ${name}: ${title} is done`);
    }
    await context.close();
    await stopDesk(desk);
  }
}
await browser.close();

print(
  `From POST to text, ms; ${seconds} s a page and rate`,
  ['product, page', 'a second', 'sent', 'median', 'p95', 'p99', 'longest', 'overtaken', 'never shown'],
  [...taken].map(([key, results]) => {
    const [name, title, rate] = JSON.parse(key);
    const times = results.map((result) => result.ms).filter(Number.isFinite);
    const shares = [median(times), at(times, 0.95), at(times, 0.99), Math.max(...times)];
    return [
      `${name}, ${title}`, number(rate), number(results.length), ...shares.map((ms) => number(ms)),
      number(results.filter((result) => result.isOvertaken).length), number(results.length - times.length),
    ];
  }));
console.log('\nOvertaken: the page went from what was before it to what came after it; its time is that of the later one.');

// The code of a page that is opened for the first time is compiled then; that is measured elsewhere.
async function warmUp(desk, context) {
  for (const [, path] of pages) {
    const page = await open(context, desk, path);
    for (let i = 0; i < 20; i++) {
      await post(desk, orderCreated(`WARM${path.length}-${i}`));
      await sleep(20);
    }
    await page.close();
  }
  await untilFolded(desk);
}

async function watch(desk, context, path, rate) {
  // Eight hexadecimal digits that a UUID may begin with: Deliveries shows the first eight, the others the order.
  const mark = randomBytes(2).toString('hex');
  const page = await open(context, desk, path);
  await page.evaluate(observe, mark);
  await sleep(1000);

  const sent = [];
  const answers = [];
  const from = performance.now();
  for (let i = 0; i < seconds * rate; i++) {
    // Spread by half an interval to either side: a page that looks at set times must not be met always alike.
    const due = from + (i + Math.random()) * 1000 / rate;
    await sleep(Math.max(0, due - performance.now()));
    const number = i.toString(16).padStart(4, '0');
    const id = `${mark}${number}-0000-4000-8000-${randomBytes(6).toString('hex')}`;
    answers.push(post(desk, orderCreated(`PX-${mark}${number}`), { id, leaving: () => sent.push(Date.now()) }));
  }
  const statuses = await Promise.all(answers);
  if (statuses.some((status) => status !== 200)) {
    throw new Error(`Deliveries were answered ${[...new Set(statuses)].join(', ')}.`);
  }
  await untilFolded(desk);
  await sleep(1500);
  const seen = new Map(await page.evaluate(() => [...window.seen]));
  await page.close();

  // From the last to the first, so that each knows the earliest time of those after it.
  const results = [];
  let later = NaN;
  for (let i = sent.length - 1; i >= 0; i--) {
    const own = seen.get(i);
    const shown = own ?? later;
    results.push({ ms: shown - sent[i], isOvertaken: own === undefined && Number.isFinite(later) });
    later = Number.isFinite(later) ? Math.min(later, shown) : shown;
  }
  return results;
}

// Runs in the page. Both clocks are the machine's.
function observe(mark) {
  window.seen = new Map();
  const pattern = new RegExp(`(?:PX-)?${mark}([0-9a-f]{4})`, 'g');
  const look = (text, now) => {
    for (const [, number] of text.matchAll(pattern)) {
      const i = parseInt(number, 16);
      if (!window.seen.has(i)) {
        window.seen.set(i, now);
      }
    }
  };
  new MutationObserver((changes) => {
    const now = Date.now();
    for (const change of changes) {
      if (change.type === 'characterData') {
        look(change.target.data, now);
      }
      for (const node of change.addedNodes) {
        look(node.textContent, now);
      }
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

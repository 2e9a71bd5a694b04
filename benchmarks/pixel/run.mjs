#!/usr/bin/env node
// From just before a delivery is posted until its text stands in an open page. Usage: run.mjs [SECONDS a page and rate].
import { launch, signIn } from '../lib/browser.mjs';
import { products as findProducts, startDesk, stopDesk } from '../lib/desk.mjs';
import { need, setting } from '../lib/run.mjs';
import { at, median, number, print } from '../lib/table.mjs';
import { pages, warmUp, watch } from './watch.mjs';

const seconds = Number(process.argv[2] ?? 30);
const rounds = setting('ROUNDS', 1);
const rates = (process.env.RATES ?? '1 20 100').trim().split(/\s+/).map(Number);

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
        taken.set(key, [...(taken.get(key) ?? []), ...await watch(desk, context, path, { rate, seconds })]);
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

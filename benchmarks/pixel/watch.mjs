// One open page, and when it shows what is posted.
import { randomBytes } from 'node:crypto';
import { open } from '../lib/browser.mjs';
import { untilFolded } from '../lib/desk.mjs';
import { sleep } from '../lib/run.mjs';
import { orderCreated, post } from '../lib/signed.mjs';

export const pages = [['Overview', '/'], ['Orders', '/orders'], ['Deliveries', '/deliveries']];

/** The code of a page that is opened for the first time is compiled then; that is measured elsewhere. */
export async function warmUp(desk, context) {
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

/** Sends while a page is open; returns how long each took until it was shown (NaN: never), in ms, the last first. */
export async function watch(desk, context, path, { rate, seconds }) {
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

// Receiving and memory without a page open, and with many.
import { cookieOf, invite, launch, signIn } from '../lib/browser.mjs';
import * as desks from '../lib/desk.mjs';
import { load, need, prepareLoad, setting } from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';
import { take, withPages } from './pages.mjs';

const pages = Number(process.argv[2] ?? 100);
const rate = Number(process.argv[3] ?? 200);
const seconds = Number(process.argv[4] ?? 60);
const rounds = setting('ROUNDS', 1);
const paths = process.env.PATHS ?? '/,/orders,/deliveries,/esims';
const pagesOfOne = 20; // an account may have 25 open

need('dotnet', 'chromium');
const products = desks.products();
prepareLoad();

const taken = new Map();
for (let round = 1; round <= rounds; round++) {
  for (const [name, folder] of products) {
    const desk = await desks.startDesk(folder);
    const cookies = await join(desk);
    await load('send', { url: desk.url, rate: 500, seconds: 10, prefix: 'WARM-', first: 100_000_000 });
    await desks.untilFolded(desk);
    note(`${name}, none`, await take(desk, { rate, seconds, first: 10_000_000 }));

    const turn = await withPages(desk, { pages, paths, cookies }, () => take(desk, { rate, seconds, first: 20_000_000 }));
    note(`${name}, ${pages}`, turn);
    await desks.stopDesk(desk);
    console.error(`round ${round}, ${name} is done`);
  }
}

print(
  `${number(rate)} deliveries a second for ${seconds} s; pages ${paths}; median of ${rounds}`,
  [
    'product, open pages', 'accepted/s', 'refused', 'p50 ms', 'p99 ms', 'longest ms', 'cores', 'memory, MB', 'peak, MB',
    'updates/s of a page', 'of the least', 'rendered, KB/s', 'pages lost', 'viewers, cores',
  ],
  [...taken].map(([key, turns]) => {
    const of = (name) => median(turns.map((turn) => turn[name] ?? NaN));
    return [
      key, number(of('rate')), number(of('refused')), number(of('p50'), 1), number(of('p99'), 1), number(of('most')),
      number(of('cores'), 2), number(of('now')), number(of('peak')), number(of('medianBatches'), 1), number(of('leastBatches'), 1),
      number(of('bytes') / 1000), number(of('closed')), number(of('viewerCores'), 2),
    ];
  }));

function note(key, turn) {
  taken.set(key, [...(taken.get(key) ?? []), turn]);
}

// As many people as the pages need, each with a session; the browser is gone before anything is measured.
async function join(desk) {
  const browser = await launch();
  const context = await signIn(browser, desk);
  const cookies = [await cookieOf(context)];
  for (let i = 1; i < Math.ceil(pages / pagesOfOne); i++) {
    const person = { email: `viewer${i}@example.com`, password: 'correct horse battery' };
    await invite(context, desk, person.email, person.password);
    cookies.push(await cookieOf(await signIn(browser, desk, person)));
  }
  await browser.close();
  return cookies;
}

// Many open pages without a browser, and receiving beside them.
import * as desks from '../lib/desk.mjs';
import { load, sleep, startLoad } from '../lib/run.mjs';

/** Opens pages with the sessions of some people, does something, and closes them; returns its result and what the pages saw. */
export async function withPages(desk, { pages, paths, cookies }, action) {
  const watch = startLoad('watch', { url: desk.url, pages, paths, cookies: cookies.join(',') });
  while (!watch.output.includes('live') && watch.exitCode === null) {
    await sleep(50);
  }
  await sleep(2000);
  if (watch.exitCode !== null) {
    throw new Error(watch.output);
  }
  const [cpu, from] = [desks.cpuSeconds(watch.pid), performance.now()];
  const turn = await action();
  const viewerCores = (desks.cpuSeconds(watch.pid) - cpu) / ((performance.now() - from) / 1000);
  watch.stdin.end();
  if (await watch.ended !== 0) {
    throw new Error(watch.output);
  }
  const seen = JSON.parse(watch.output.trim().split('\n').at(-1));
  if (seen.closed > 0) {
    console.error(`${seen.closed} of the pages were closed: ${seen.why}`);
  }
  return { ...turn, ...seen, viewerCores };
}

/** Sends at a constant rate, and takes what that costs the product. */
export async function take(desk, { rate, seconds, first }) {
  const cpu = desks.cpuSeconds(desk.pid);
  const from = performance.now();
  const result = await load('send', { url: desk.url, rate, seconds, prefix: 'RUN-', first });
  const used = desks.cpuSeconds(desk.pid) - cpu;
  return {
    ...result, rate: result.accepted / result.seconds, cores: used / ((performance.now() - from) / 1000),
    cpuMs: used * 1000 / result.accepted, unanswered: result.due - result.accepted - result.refused, ...desks.memory(desk.pid),
  };
}

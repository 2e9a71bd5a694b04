// Open loop: the sender keeps its rate whatever the answers do, so that what the product cannot keep up with shows as waiting.
import * as desks from '../lib/desk.mjs';
import { sleep, startLoad } from '../lib/run.mjs';

/** Offers deliveries at a constant rate for so many seconds, then waits until all are folded. */
export async function offer(desk, { rate, seconds, connections = 256, first = 0, patienceMs }) {
  const [before, cpu] = [desks.writtenBytes(desk.pid), desks.cpuSeconds(desk.pid)];
  const sender = startLoad('send', { url: desk.url, rate, seconds, connections, prefix: 'RUN-', first });
  let mostWaiting = 0;
  let senderCores = 0;
  let isSending = true;
  sender.ended.then(() => (isSending = false));
  const from = performance.now();
  while (isSending) {
    await Promise.race([sleep(500), sender.ended]);
    if (isSending) {
      mostWaiting = Math.max(mostWaiting, (await desks.health(desk)).waiting);
      senderCores = isSending ? desks.cpuSeconds(sender.pid) / ((performance.now() - from) / 1000) : senderCores;
    }
  }
  if (await sender.ended !== 0) {
    throw new Error(sender.output);
  }

  const result = JSON.parse(sender.output.trim().split('\n').at(-1));
  const folded = await desks.untilFolded(desk, { everyMs: 20, patienceMs });
  return {
    ...result, mostWaiting, folded, senderCores, unanswered: result.due - result.accepted - result.refused,
    written: (desks.writtenBytes(desk.pid) - before) / result.accepted,
    cpuMs: (desks.cpuSeconds(desk.pid) - cpu) * 1000 / result.accepted,
    acceptedRate: result.accepted / result.seconds, projectedRate: result.accepted / (result.seconds + folded / 1000),
  };
}

// Writes signed order.created deliveries, each body unique, as lines of "signature<TAB>body".
// Usage: node generate.mjs COUNT SECRET [PREFIX] > deliveries.tsv
import { createHmac } from 'node:crypto';

const [count, secret, prefix = 'LOAD'] = process.argv.slice(2);
const lines = [];
for (let i = 0; i < Number(count); i++) {
  const body = JSON.stringify({
    event: 'order.created',
    timestamp: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
    data: {
      order_id: `${prefix}-${i}`,
      order_reference: `REF-${prefix}-${i}`,
      package_code: 'US-1GB-7D',
      package_name: 'USA 1GB - 7 Days',
      quantity: 1,
      amount: 5.5,
      status: 'processing',
    },
  });
  lines.push(`${createHmac('sha256', secret).update(body).digest('hex')}\t${body}`);
}
process.stdout.write(lines.join('\n') + '\n');

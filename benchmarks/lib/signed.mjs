// Single signed deliveries, for what is measured one by one.
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { secret } from './run.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** An order.created, placed now. */
export function orderCreated(name) {
  return {
    event: 'order.created',
    timestamp: new Date().toISOString(),
    data: {
      order_id: `ORD-${name}`, order_reference: `REF-${name}`, package_code: 'US-1GB-7D', package_name: 'USA 1GB - 7 Days',
      quantity: 1, amount: 5.5, status: 'processing',
    },
  };
}

/** Posts a delivery; calls back just before it leaves, and answers with the status. */
export function post(desk, content, { id = randomUUID(), leaving = () => {} } = {}) {
  const body = JSON.stringify(content);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return new Promise((done, failed) => {
    const sent = request(`${desk.url}/webhooks/esimfly`, {
      agent,
      method: 'POST',
      headers: {
        'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'X-eSIMfly-Signature': signature,
        'X-eSIMfly-Event': content.event, 'X-eSIMfly-Delivery-ID': id,
      },
    }, (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode));
    });
    sent.on('error', failed);
    leaving();
    sent.end(body);
  });
}

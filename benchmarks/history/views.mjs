// What is read: every list, filter, sort and search. N stands for the number of the newest order.
const tests = ['', 'is_test=false', 'is_test=true'];

const lists = [
  '/api/v1/orders', '/api/v1/orders?limit=200', '/api/v1/orders?status=processing', '/api/v1/orders?status=completed',
  '/api/v1/orders?status=failed', '/api/v1/orders?q=ORD', '/api/v1/orders?q=ORD-H-5', '/api/v1/orders?q=ORD-H-{N}',
  '/api/v1/orders?q=REF-H-4999', '/api/v1/orders?q=nothing-like-it', '/api/v1/esims', '/api/v1/esims?plan=new',
  '/api/v1/esims?plan=active', '/api/v1/esims?plan=depleted', '/api/v1/esims?plan=expired', '/api/v1/esims?plan=cancelled',
  '/api/v1/esims?plan=unknown', '/api/v1/esims?q=4999', '/api/v1/esims?q=8948', '/api/v1/esims?q=000000000000000',
  '/api/v1/top-ups', '/api/v1/top-ups?status=succeeded', '/api/v1/top-ups?status=failed', '/api/v1/deliveries',
  '/api/v1/deliveries?limit=200', '/api/v1/deliveries?state=pending', '/api/v1/deliveries?state=processed',
  '/api/v1/deliveries?state=failed', '/api/v1/deliveries?state=dead', '/api/v1/deliveries?state=quarantined',
  '/api/v1/deliveries?event=order.failed', '/api/v1/deliveries?event=balance.low', '/api/v1/deliveries?event=esim.installed',
  '/api/v1/deliveries?q=0a', '/api/v1/deliveries?q=0a1b2c3d', '/api/v1/deliveries?q=order.created',
];

/** Addresses of the read API. Lists are read of both environments, of live data, and of test data, of which there is none. */
export const api = [
  ...lists.flatMap((path) => tests.map((environment) => (environment ? `${path}${path.includes('?') ? '&' : '?'}${environment}` : path))),
  '/api/v1/orders/ORD-H-{N}', '/api/v1/balance', '/api/v1/stats', '/api/v1/stats?hours=168',
];

/** Lists whose second page is read, too. */
export const paged = ['/api/v1/orders', '/api/v1/esims', '/api/v1/top-ups', '/api/v1/deliveries', '/api/v1/orders?status=failed'];

/** Pages of the desk. */
export const pages = [
  '/orders', '/orders?sort=oldest', '/orders?show=processing', '/orders?show=stuck', '/orders?show=completed',
  '/orders?show=failed', '/orders?show=failed-today', '/orders?show=retry', '/orders?show=final',
  '/orders?show=failed&error=PACKAGE_NOT_AVAILABLE', '/orders?show=failed&package=USA%201GB%20-%207%20Days',
  '/orders?show=completed&sort=oldest', '/orders?q=ORD', '/orders?q=ORD-H-5', '/orders?q=ORD-H-50', '/orders?q=REF-H-4999',
  '/orders?q=nothing-like-it', '/esims', '/esims?sort=oldest', '/esims?show=new', '/esims?show=active', '/esims?show=24h',
  '/esims?show=72h', '/esims?show=due', '/esims?show=depleted', '/esims?show=expired', '/esims?show=cancelled',
  '/esims?show=unknown', '/esims?q=4999', '/esims?q=8948', '/top-ups', '/top-ups?show=open', '/top-ups?show=failed',
  '/top-ups?show=completed', '/top-ups?show=failed&error=PROVIDER_ERROR', '/top-ups?q=4999', '/deliveries',
  '/deliveries?sort=oldest', '/deliveries?state=pending', '/deliveries?state=processed', '/deliveries?state=failed',
  '/deliveries?state=dead', '/deliveries?state=quarantined', '/deliveries?event=order.failed', '/deliveries?event=esim.installed',
  '/deliveries?q=0a', '/deliveries?q=order.created', '/deliveries/retries', '/deliveries/missing', '/deliveries/rejected',
  '/orders/ORD-H-{N}', '/', '/health', '/balance', '/alerts',
];

/** Terms of the search that stands on every page. */
export const searches = [
  '4999', '89480100', 'ORD-H-{N}', 'ORD-H-50000', '50000', 'REF-H-499', '0a1b', '123456', '8948', 'ORD', 'REF', 'nothing-like-it',
];

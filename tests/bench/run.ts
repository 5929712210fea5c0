/** `bun run bench`: what this machine measures now. Figures are printed, never asserted; ratios are against a reference in the same run. */
import { backup } from './backup.ts';
import { codes } from './codes.ts';
import { faults } from './faults.ts';
import { latency } from './latency.ts';
import { metrics } from './metrics.ts';
import { orders } from './orders.ts';
import { peers } from './peers.ts';
import { prices } from './prices.ts';
import { stock } from './stock.ts';

const wanted = process.argv.slice(2);
const benches = { latency, orders, peers, codes, prices, stock, metrics, backup, faults };

for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
process.exit(0);

/** What is shown and alerted on exists: every expression is parsed, and its metrics and labels are held against those of the house. */
import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { silentLog } from '../../src/lib/log.ts';
import { houseMeters } from '../../src/metrics/house.ts';
import { moneyMeters } from '../../src/metrics/money.ts';
import { openMetrics } from '../../src/metrics/open.ts';
import { processMeters } from '../../src/metrics/process.ts';
import { adminHouse } from '../support/admin-house.ts';
import { root } from '../support/tools.ts';

const admin = adminHouse();
const { db, terms, clock } = admin.house;
const { meters, database } = openMetrics({ log: silentLog, monotonicMs: clock.monotonicMs, slowStatementMs: 100, slowLoopMs: 250 });
processMeters(meters);
database.at(admin.door);
moneyMeters(meters, { db, currency: 'USD' });
houseMeters(meters, {
  ...{ db, terms, nowMs: clock.nowMs, snapshots: admin.bank.snapshots, hub: admin.hub, troubles: admin.troubles, timers: { size: 0 } },
  counts: () => ({ stored: 0, duplicates: 0, setAside: 0, matched: 0, unmatched: 0, failed: 0, loggedErrors: 0 }),
  outbox: { counts: { delivered: 0, retried: 0, failed: 0, broken: 0 } },
  pushes: { counts: { written: 0, dropped: 0 } },
  sockets: () => 0,
});

/** Every name that a query may use, and the labels it has. */
const known = new Map<string, readonly string[]>([['up', []]]);
for (const { name, kind, labels } of meters.list()) {
  if (kind !== 'histogram') known.set(name, labels);
  else for (const suffix of ['_bucket', '_sum', '_count']) known.set(name + suffix, suffix === '_bucket' ? [...labels, 'le'] : labels);
}
/** What Prometheus adds to every series. */
const ADDED = ['job', 'instance'];

/** What is wrong with a query, and the metrics it names. */
function look(expr: string): { problems: string[]; metrics: string[] } {
  const query = expr.replaceAll('$__rate_interval', '5m');
  const problems: string[] = [];
  const metrics: string[] = [];
  const labels: string[] = [];
  parser.parse(query).iterate({
    enter(node) {
      const text = query.slice(node.from, node.to);
      if (node.type.isError) problems.push(`${expr}: not PromQL at ${node.from}`);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') metrics.push(text);
      if (node.name === 'LabelName') labels.push(text);
    },
  });
  for (const metric of metrics) if (!known.has(metric)) problems.push(`${expr}: there is no metric ${metric}`);
  const allowed = [...ADDED, ...metrics.flatMap((metric) => known.get(metric) ?? [])];
  for (const label of labels) if (!allowed.includes(label)) problems.push(`${expr}: none of its metrics has the label ${label}`);
  return { problems, metrics };
}

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; legendFormat: string; datasource: { uid: string } }[];
}
const board = JSON.parse(readFileSync(join(root, 'docs/grafana.json'), 'utf8')) as {
  uid: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string; definition?: string }[] };
  panels: Panel[];
};
const graphs = board.panels.filter(({ type }) => type !== 'row');

test('every expression of the dashboard is PromQL over metrics and labels that there are', () => {
  const exprs = graphs.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  expect(exprs.length).toBeGreaterThan(40);
  for (const expr of exprs) {
    const { problems, metrics } = look(expr);
    expect(problems).toEqual([]);
    expect(metrics.length).toBeGreaterThan(0);
  }
});

test('what the check is for it finds', () => {
  expect(look('sum(rate(smspin_nothing_total[5m]))').problems).toEqual([expect.stringContaining('no metric smspin_nothing_total')]);
  expect(look('sum by (colour) (smspin_modems)').problems).toEqual([expect.stringContaining('the label colour')]);
  expect(look('smspin_modems{customer="x"}').problems).toEqual([expect.stringContaining('the label customer')]);
  expect(look('sum(rate(smspin_modems[5m])').problems[0]).toContain('not PromQL');
});

test('the dashboard can be imported: its own data source, no panel over another, all of it used', () => {
  expect(board.uid).toBe('smspin');
  expect(board.templating.list.map(({ name }) => name)).toEqual(['datasource', 'job', 'instance']);
  for (const { datasource, targets = [] } of graphs)
    for (const uid of [datasource?.uid, ...targets.map((target) => target.datasource.uid)]) expect(uid).toBe('$datasource');
  expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
  const taken = new Set<string>();
  for (const { title, gridPos } of board.panels) {
    expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        expect([title, taken.has(`${x} ${y}`)]).toEqual([title, false]);
        taken.add(`${x} ${y}`);
      }
    }
  }
  // A label in a legend is one that the expression leaves.
  for (const { targets = [] } of graphs)
    for (const { expr, legendFormat } of targets)
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect([expr, new RegExp(`by \\([^)]*\\b${label}\\b`).test(expr)]).toEqual([expr, true]);
});

test('every alert is PromQL over metrics that there are, and says what to do', () => {
  const { groups } = Bun.YAML.parse(readFileSync(join(root, 'docs/alerts.yml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string; labels: { severity: string }; annotations: { summary: string } }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.length).toBeGreaterThan(10);
  for (const { alert, expr, labels, annotations } of rules) {
    expect([alert, look(expr).problems]).toEqual([alert, []]);
    expect(annotations.summary).toMatch(/\.$/);
    expect(['page', 'ticket']).toContain(labels.severity);
  }
});

test('the guide has each metric with its labels, and none that there is not', () => {
  const guide = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const rows = new Map(
    [...guide.matchAll(/^\| `([a-z_]+)` \| (counter|gauge|histogram) \|([^|]*)\|/gm)].map(([, name = '', kind = '', labels = '']) => [
      name,
      { kind, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
    ]),
  );
  const there = meters
    .list()
    .map(({ name, kind, labels }): [string, { kind: string; labels: string[] }] => [name, { kind, labels: [...labels] }]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(there));
});

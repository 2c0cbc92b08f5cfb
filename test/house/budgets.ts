/** How long each suite may take, in seconds of its files' own time on two cores: docs/testing.md has the same table in words, and tidy.test.ts compares them. */

/** A suite is a folder of test/ (`house` is the files that lie directly in it); its slow files are a suite of their own. */
export const budgetSecs: Readonly<Record<string, number>> = {
  house: 20,
  chain: 60,
  consensus: 60,
  synthetic: 60,
  native: 60,
  machines: 30,
  journal: 60,
  runtime: 90,
  adapters: 20,
  embedding: 20,
  devnet: 120,
  simulation: 60,
  mutants: 20,
  audit: 90,
  cli: 240,
  streams: 20,
  projections: 20,
  package: 30,
  'chain (slow)': 60,
  'consensus (slow)': 120,
  'native (slow)': 180,
  'journal (slow)': 120,
  'runtime (slow)': 420,
  'audit (slow)': 240,
  'devnet (slow)': 300,
  'simulation (slow)': 900,
  'mutants (slow)': 120,
  'cli (slow)': 300,
  'projections (slow)': 60,
  'package (slow)': 240,
};

/** The suite a test file belongs to: `test/chain/address.test.ts` is of `chain`. */
export function suiteOf(path: string): string {
  const folder = /^(?:.*\/)?test\/(?:([^/]+)\/)?/.exec(path)?.[1] ?? 'house';
  return path.endsWith('.slow.test.ts') ? `${folder} (slow)` : folder;
}

export interface SuiteTime {
  readonly suite: string;
  readonly secs: number;
  readonly budget: number | undefined;
}

/** Adds the files' times (milliseconds) up by suite, in the order of the budgets; a suite without a budget comes last. */
export function suiteTimes(files: Iterable<{ readonly path: string; readonly ms: number }>): SuiteTime[] {
  const spent = new Map<string, number>();
  for (const { path, ms } of files) spent.set(suiteOf(path), (spent.get(suiteOf(path)) ?? 0) + ms);
  const order = Object.keys(budgetSecs);
  const rank = (suite: string) => (order.indexOf(suite) + order.length + 1) % (order.length + 1);
  return [...spent].map(([suite, ms]) => ({ suite, secs: ms / 1000, budget: budgetSecs[suite] })).sort((a, b) => rank(a.suite) - rank(b.suite));
}

/** One line a suite; a warning, never a failure, where the budget is passed or missing. */
export function suiteLine({ suite, secs, budget }: SuiteTime): string {
  const verdict = budget === undefined ? 'WARNING: no budget in test/house/budgets.ts' : secs > budget ? 'WARNING: over budget' : 'ok';
  return `  ${suite.padEnd(18)} ${secs.toFixed(1).padStart(7)} s of ${String(budget ?? '?').padStart(4)} s  ${verdict}`;
}

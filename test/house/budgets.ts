/**
 * How long each suite may take, in seconds of its files' own time on two cores; `npm run docs:budgets` prints the table
 * in docs/testing.md.
 */

export interface Budget {
  readonly secs: number;
  readonly what: string;
}

/**
 * A suite is a folder of test/ (`house` has the files that lie directly in it too); its slow files are a suite of their
 * own.
 */
export const budgets: Readonly<Record<string, Budget>> = {
  house: { secs: 40, what: 'house rules, the layer table, linter rules, budgets; files directly in `test/`' },
  chain: { secs: 60, what: 'the nouns: codecs, vectors, properties' },
  consensus: { secs: 60, what: 'the rules: goldens, vectors, properties' },
  mining: { secs: 20, what: 'round, base, own block, slash filter, what would break a block' },
  synthetic: { secs: 60, what: 'chains made up for a rule: lookbacks beyond genesis, upgrades, one drand network after another' },
  native: { secs: 40, what: 'which make is loaded, and why' },
  machines: { secs: 30, what: 'given-when-then of every machine, every state and arrow, charts, plain XState' },
  journal: { secs: 80, what: 'stores, the hash chain, verifying, one epoch as a file, reading while another process writes' },
  statechart: { secs: 60, what: 'charts walked as XState walks them; the turn' },
  replay: { secs: 60, what: 'replay, what-if, signatures, retention' },
  runtime: {
    secs: 100,
    what: 'the real machines on a virtual clock: order of disk and effects, a disk that fails at every write, poison, stop, every interleaving around bind',
  },
  effects: { secs: 80, what: 'what ports answer, and what is made of a wrong answer' },
  adapters: { secs: 20, what: 'makes of the ports against their contracts (`test/contract`)' },
  embedding: { secs: 20, what: 'the package as an embedder calls it, and calls it wrongly' },
  devnet: {
    secs: 120,
    what: "the embedded chain: its node against the port's contract, judged against Lotus' own refusals, cheats, tokens, pool, hooks, resume, faults",
  },
  simulation: { secs: 60, what: "a handful of seeded lives, in this process; its fence against the port's contract" },
  mutants: { secs: 20, what: "that every mutant's patch applies and its tests are there" },
  audit: { secs: 100, what: 'files, hostile input, small chains' },
  cli: { secs: 120, what: 'the real process: exit codes, errors, completion, mining a recorded chain again' },
  streams: { secs: 20, what: 'clock, heads and beacons on a virtual clock' },
  projections: { secs: 20, what: 'stories of epochs as golden texts' },
  package: { secs: 30, what: 'what is in the package, and its snippets' },
  'chain (slow)': { secs: 60, what: 'recorded chains, every byte' },
  'consensus (slow)': { secs: 120, what: 'long synthetic chains, recorded tipsets' },
  'native (slow)': { secs: 240, what: 'the two makes of `Bls` against one contract; a million calls, ten thousand random cases' },
  'journal (slow)': { secs: 120, what: 'hundreds of damaged journals; a prune killed with SIGKILL at every batch' },
  'runtime (slow)': { secs: 240, what: 'a real process killed with SIGKILL at every batch; 40,000 runs on made-up results' },
  'effects (slow)': { secs: 240, what: 'every answer of every port, wrong in every way' },
  'replay (slow)': { secs: 40, what: 'records given up behind a checkpoint, whatever ends the removal' },
  'statechart (slow)': { secs: 60, what: "every step of ours held against XState's own" },
  'audit (slow)': { secs: 240, what: 'whole recorded chains, each check mutated' },
  'devnet (slow)': { secs: 300, what: "a recorded chain judged whole, long chains, every fault's story" },
  'simulation (slow)': {
    secs: 900,
    what: 'a thousand seeded lives, alone on all cores (`CI_SEEDS` says how many); the house with one safeguard taken out, and the seed that finds it',
  },
  'mutants (slow)': { secs: 120, what: "the mutants' runner: killed, survived, said nothing" },
  'cli (slow)': { secs: 700, what: 'whole recorded chains mined again, and replayed' },
  'package (slow)': { secs: 240, what: 'the packed package in empty projects of npm, pnpm and yarn: examples compiled strictly, run on three Nodes' },
  'projections (slow)': { secs: 60, what: 'luck over hundreds of thousands of seeded elections' },
};

/** The table as docs/testing.md prints it. */
export function budgetsText(): string {
  const rows = Object.entries(budgets).map(([suite, { secs, what }]) => `| \`${suite}\` | ${secs} s | ${what} |`);
  return ['| suite | budget | what it is |', '|---|---|---|', ...rows].join('\n');
}

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

/**
 * Adds the files' times (milliseconds) up by suite, in the order of the budgets; a suite without a budget comes last.
 */
export function suiteTimes(files: Iterable<{ readonly path: string; readonly ms: number }>): SuiteTime[] {
  const spent = new Map<string, number>();
  for (const { path, ms } of files) spent.set(suiteOf(path), (spent.get(suiteOf(path)) ?? 0) + ms);
  const order = Object.keys(budgets);
  const rank = (suite: string) => (order.indexOf(suite) + order.length + 1) % (order.length + 1);
  return [...spent].map(([suite, ms]) => ({ suite, secs: ms / 1000, budget: budgets[suite]?.secs })).sort((a, b) => rank(a.suite) - rank(b.suite));
}

/** One line a suite; a warning, never a failure, where the budget is passed or missing. */
export function suiteLine({ suite, secs, budget }: SuiteTime): string {
  const verdict = budget === undefined ? 'WARNING: no budget in test/house/budgets.ts' : secs > budget ? 'WARNING: over budget' : 'ok';
  return `  ${suite.padEnd(18)} ${secs.toFixed(1).padStart(7)} s of ${String(budget ?? '?').padStart(4)} s  ${verdict}`;
}

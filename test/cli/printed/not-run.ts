/**
 * Printed commands that no test runs as they stand, each with the reason. One that is no longer printed must go from
 * here.
 */

const NAMED = 'names a command in prose; with what it needs it is printed elsewhere, and run';
const REGISTRY = 'fetches packages; `.ci/run` does it on a bare machine';
const CI = 'a step of `.ci/run`, which no test may begin a second time';

export const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npm start': REGISTRY,
  'npm ci && npm test': REGISTRY,
  'npm start': 'builds dist anew under the feet of the other tests; the command that it is, is run',
  'npm test': CI,
  'npm run test:fast': CI,
  'npm run test:rest': CI,
  'npm run test:all': CI,
  'npm run test:changed': 'a run of tests inside a run of tests',
  'npm run test:night': 'a night',
  'npm run check': CI,
  'npm run build:native': CI,
  'npm run valgrind:native': CI,
  'npm run mutants': CI,
  'npm run mutants -- --all': 'hours; `.ci/run` tries a sample',
  'npm run bench': 'minutes, and figures that mean something on a quiet machine alone',
  'npm run docs:charts': 'writes docs/machines.md; test/machines/charts.test.ts compares what it would write',
  'npm run docs:layers': 'writes docs/architecture.md; test/house/layers.test.ts compares what it would write',
  'npm run docs:budgets': 'writes docs/testing.md; test/house/budgets.test.ts compares what it would write',
  'npx vitest run test/chain': 'a run of tests inside a run of tests',
  '.ci/run': 'runs this test',
  'node dist/src/main.js': 'what `mineone` stands for in all that is run here',
  'node --max-old-space-size=80 --max-semi-space-size=2': 'options of Node, with which `npm run bench` starts the devnet',
  'mineone devnet': NAMED,
  'mineone journal verify --sealed': NAMED,
  'mineone audit': NAMED,
  'mineone explain': NAMED,
  'mineone run --observe': NAMED,
  'mineone COMMAND --help': 'COMMAND stands for any of them; the help of each is read by this test',
  'mineone run --node … --data /var/lib/mineone': 'a unit of systemd, beside a live node, which comes with a later version',
  'lotus wallet import': 'a command of Lotus',
};

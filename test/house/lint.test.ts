/**
 * Proves that biome.json refuses what it should, and only that: one bad snippet a rule. Who may import whom is
 * layers.ts.
 */

import { describe, expect, it } from 'vitest';
import { lint } from './lint.ts';

const linesOf = (count: number) => Array.from({ length: count }, (_, i) => `export const a${i} = ${i};\n`).join('');

/** A snippet, where it lies, and the rule that must refuse it: once, and nothing else with it. */
const bad: Readonly<Record<string, readonly [path: string, rule: string, text: string]>> = {
  'a circle of types': [
    'src/chain/ring-a.ts',
    'suspicious/noImportCycles',
    "import type { B } from './ring-b.ts';\nexport interface A {\n  readonly b: B;\n}\n",
  ],
  'its other half': ['src/chain/ring-b.ts', 'suspicious/noImportCycles', "import type { A } from './ring-a.ts';\nexport interface B {\n  readonly a: A;\n}\n"],
  'a barrel': ['src/chain/barrel.ts', 'performance/noBarrelFile', "export { a } from './leaf.ts';\n"],
  'a barrel of all': ['src/chain/barrel-all.ts', 'performance/noBarrelFile', "export * from './leaf.ts';\n"],
  'a default export': ['src/chain/default.ts', 'style/noDefaultExport', 'export default 1;\n'],
  'a default export in a test': ['test/default.test.ts', 'style/noDefaultExport', 'export default 1;\n'],
  any: ['src/cli/any.ts', 'suspicious/noExplicitAny', 'export const a: any = 1;\n'],
  'an enum': ['src/cli/enum.ts', 'style/noEnum', 'export enum A {\n  B,\n}\n'],
  'a namespace': ['src/cli/namespace.ts', 'style/noNamespace', 'export namespace A {\n  export const b = 1;\n}\n'],
  'an unused import': ['src/cli/unused-import.ts', 'correctness/noUnusedImports', "import { a } from './leaf.ts';\n"],
  'an unused variable': ['src/cli/unused.ts', 'correctness/noUnusedVariables', 'const a = 1;\n'],
  'a type imported as a value': ['src/cli/type.ts', 'style/useImportType', "import { A } from './leaf.ts';\nexport const b = (a: A) => a;\n"],
  'a bare node module': ['src/cli/bare.ts', 'style/useNodejsImportProtocol', "import 'fs';\n"],
  'an undeclared package': ['src/cli/undeclared.ts', 'correctness/noUndeclaredDependencies', "import 'left-pad';\n"],
  'a missing extension': ['src/cli/extension.ts', 'correctness/useImportExtensions', "import './leaf';\n"],
  'a non-null assertion': ['src/cli/bang.ts', 'style/noNonNullAssertion', 'export const a = (b: string | null) => b!.length;\n'],
  'a focused test': ['test/only.test.ts', 'suspicious/noFocusedTests', "import { it } from 'vitest';\nit.only('a', () => undefined);\n"],
  'a function of 71 lines': [
    'src/cli/long.ts',
    'complexity/noExcessiveLinesPerFunction',
    `export function a(b: number): number {\n${'  console.log(b);\n'.repeat(71)}  return b;\n}\n`,
  ],
  'a file of 301 lines': ['test/long.test.ts', 'style/noExcessiveLinesPerFile', linesOf(301)],
};

/** Names that a rule must not know, in each room that holds rules. */
const globals = ['Buffer', 'process', 'console', 'fetch', 'require', 'WebSocket', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
globals.push('Date', 'performance', 'crypto', 'Intl', 'globalThis', 'global');

const good: Readonly<Record<string, readonly [path: string, text: string]>> = {
  'a default export in a config file': ['vitest.config.ts', 'export default 1;\n'],
  'a global where the world is met': ['src/cli/global.ts', 'export const a = Date.now();\n'],
  'a function of 70 lines': ['src/cli/seventy.ts', `export function a(b: number): void {\n${'  console.log(b);\n'.repeat(68)}}\n`],
  'a file of 300 lines': ['src/cli/three-hundred.ts', linesOf(300)],
};

describe('the rules', () => {
  const pure = [
    'src/chain/globals.ts',
    'src/chain/state/globals.ts',
    'src/errors/globals.ts',
    'src/consensus/globals.ts',
    'src/mining/globals.ts',
    'src/ports/globals.ts',
    'src/projections/globals.ts',
    'machines/globals.ts',
  ];
  const usingAll = globals.map((name, i) => `export const a${i} = ${name};`).join('\n');
  const leaf = 'export const a = 1;\nexport interface A {\n  readonly a: number;\n}\n';
  const leaves: [string, string][] = ['src/chain/leaf.ts', 'src/chain/state/leaf.ts', 'src/cli/leaf.ts'].map((path) => [path, leaf]);
  const refused = lint(
    new Map([
      ...leaves,
      ...Object.values(bad).map(([path, , text]) => [path, text] as const),
      ...Object.values(good),
      ...pure.map((path) => [path, usingAll] as const),
    ]),
  );

  it.for(Object.entries(bad))('refuse %s', ([, [path, rule]]) => {
    expect(refused.get(path)?.map((refusal) => refusal.rule)).toEqual([`lint/${rule}`]);
  });

  it.for(Object.entries(good))('accept %s', ([, [path]]) => {
    expect(refused.get(path)).toEqual([]);
  });

  it.for(pure)('refuse clocks, randomness and I/O in %s', (path) => {
    const lines = (refused.get(path) ?? []).filter(({ rule }) => rule === 'lint/style/noRestrictedGlobals').map(({ line }) => line);
    expect(globals.filter((_, i) => lines.includes(i + 1))).toEqual(globals);
  });
});

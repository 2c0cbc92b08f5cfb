/**
 * How much of the slow tests is run: a sample by `npm test`, all by `npm run test:all`, more by `npm run test:night`.
 * The variables are `CI_…`: a command refuses a `MINEONE_…` that it does not know.
 */

/** Set by the project `sample` (vitest.config.ts). */
export const isSample = process.env['CI_SAMPLE'] === '1';

/** `CI_SEEDS` seeded lives, `CI_KILLS` kills, where they are said. */
export function amountOf(name: 'SEEDS' | 'KILLS', { sample, all }: { readonly sample: number; readonly all: number }): number {
  return Number(process.env[`CI_${name}`] ?? (isSample ? sample : all));
}

/** Where seeds begin: `CI_SEED`. */
export const firstSeed = Number(process.env['CI_SEED'] ?? 1);

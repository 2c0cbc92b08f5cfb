/**
 * Which answers of another epoch are given: messages of one stop a chain for good that nobody else goes on with (seed
 * 438).
 */

import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/devnet/setting/seed.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Ports } from '../instance.ts';
import { oddAnswers } from './odd-answers.ts';
import { nobody } from './trouble.ts';

const DELAY_MS = 30_000;
const EPOCHS = 100;

/**
 * How many epochs old the answers of a call are, asked once in each epoch of a node that says in which one it was
 * asked.
 */
async function agesOf(call: 'selectMessages' | 'tipsetAt', alone: boolean): Promise<ReadonlySet<number>> {
  let epoch = 0;
  const clock: Clock = { now: () => epoch * DELAY_MS, until: async () => undefined };
  const answer = async (..._: readonly unknown[]): Promise<unknown> => ({ epoch });
  const ports = { node: { [call]: answer }, signer: {}, prover: {}, fence: {} } as object as Ports;
  const trouble = { random: seededRandom('odd'), network: { genesisTimestamp: 0n, blockDelaySecs: DELAY_MS / 1000 }, clock, from: 0, to: EPOCHS };
  const asked = oddAnswers(ports, trouble, { rate: 0.5, alone }).node[call] as typeof answer;
  const ages = new Set<number>();
  for (; epoch < EPOCHS; epoch++) {
    const said = (await asked(nobody()).catch(() => null)) as { readonly epoch?: number } | null;
    if (said?.epoch !== undefined) ages.add(epoch - said.epoch);
  }
  return ages;
}

it('messages of another epoch are given where somebody else can go on without our block', async () => {
  expect(Math.max(...(await agesOf('selectMessages', false)))).toBeGreaterThan(0);
});

it('messages of another epoch are not given where nobody else can', async () => {
  expect(await agesOf('selectMessages', true)).toEqual(new Set([0]));
});

it('other answers of another epoch are given all the same', async () => {
  expect(Math.max(...(await agesOf('tipsetAt', true)))).toBeGreaterThan(0);
});

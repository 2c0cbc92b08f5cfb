/**
 * Draws by the hundred thousand: honest ones lie within their 95 % interval as often as that says, and a thumb on the
 * scales is seen.
 */

import { describe, expect, it } from 'vitest';
import { int64BE } from '../../src/chain/encoding/bytes.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { electionDigest } from '../../src/consensus/election.ts';
import { luckFold } from '../../src/projections/luck.ts';
import { epochRecords } from './fixtures/made-records.ts';

const SEEDS = 200;
const EPOCHS = 2000;

type Draw = (seed: number, epoch: number) => Uint8Array;

/** A seeded draw stands for a VRF proof, which is hashed all the same. */
const honest: Draw = (seed, epoch) => {
  const draw = new Uint8Array(16);
  draw.set(int64BE(seed));
  draw.set(int64BE(epoch), 8);
  return blake2b256(draw);
};

/** The better of two, as of somebody who could choose. */
const chosen: Draw = (seed, epoch) => {
  const draws = [honest(seed, epoch), honest(seed + SEEDS, epoch)] as const;
  return electionDigest(draws[0]) < electionDigest(draws[1]) ? draws[0] : draws[1];
};

function within(seed: number, networkPower: bigint, draw: Draw): boolean {
  const fold = luckFold();
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const election = { power: 1n, networkPower, vrfProof: draw(seed, epoch) };
    for (const record of epochRecords({ miner: 'f01000', epoch, election, outcome: null })) fold.add(record);
  }
  const { wins, interval, expected } = fold.report().all;
  expect(expected).toBeCloseTo((EPOCHS * 5) / Number(networkPower), 6);
  return wins >= interval.low && wins <= interval.high;
}

const shareWithin = (networkPower: bigint, draw: Draw, seeds = SEEDS): number =>
  Array.from({ length: seeds }, (_, seed) => within(seed, networkPower, draw)).filter(Boolean).length / seeds;

describe(`${SEEDS} seeds of ${EPOCHS} epochs`, () => {
  it.for([3n, 10_000n])('an honest miner with one part in %s of the power is within the interval in 93 of 100 or more', (networkPower) => {
    expect(shareWithin(networkPower, honest)).toBeGreaterThanOrEqual(0.93);
  });

  it('one who chooses between two draws is outside in nearly all', () => {
    expect(shareWithin(3n, chosen, 40)).toBeLessThanOrEqual(0.05);
  });
});

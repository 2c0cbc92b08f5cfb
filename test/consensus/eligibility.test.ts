/** Eligibility: the tables of both power actors, and what keeps a miner of standing from mining. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meetsConsensusMinimum, type StandingFault, standingFault } from '../../src/consensus/eligibility.ts';

const MINIMUM = 1000n;

describe('consensus minimum', () => {
  // Quality-adjusted power counts; below the minimum it is enough to have a claim while fewer than 3 miners are above
  // it.
  it.each([
    [999n, 0n, true],
    [999n, 2n, true],
    [999n, 3n, false],
    [999n, 100n, false],
    [1000n, 3n, true],
    [1001n, 100n, true],
    [0n, 2n, true],
    [0n, 3n, false],
    [-1n, 2n, false],
  ])('actors v0: %i of 1000 adjusted, %i above: %s', (qualityAdjPower, minersAbove, meets) => {
    // Raw power on the other side of the minimum, to see that it does not count.
    const rawBytePower = qualityAdjPower >= MINIMUM ? 1n : MINIMUM;
    expect(meetsConsensusMinimum({ rawBytePower, qualityAdjPower }, { minimum: MINIMUM, minersAbove, actorsVersion: 0 })).toBe(meets);
  });

  // Raw power counts; below the minimum one needs some, while fewer than 4 miners are above it.
  it.each([
    [999n, 0n, true],
    [999n, 3n, true],
    [999n, 4n, false],
    [1000n, 4n, true],
    [1001n, 100n, true],
    [1n, 3n, true],
    [0n, 0n, false],
    [0n, 3n, false],
    [0n, 4n, false],
  ])('actors v2 and later: %i of 1000 raw, %i above: %s', (rawBytePower, minersAbove, meets) => {
    const qualityAdjPower = rawBytePower >= MINIMUM ? 1n : 10n * MINIMUM;
    for (const actorsVersion of [2, 3, 8, 18]) {
      expect(meetsConsensusMinimum({ rawBytePower, qualityAdjPower }, { minimum: MINIMUM, minersAbove, actorsVersion })).toBe(meets);
    }
  });

  it('is never lost by more power nor won by more miners above it', () => {
    const amount = fc.bigInt({ min: 0n, max: 2000n });
    fc.assert(
      fc.property(
        amount,
        amount,
        fc.bigInt({ min: 0n, max: 8n }),
        fc.bigInt({ min: 0n, max: 8n }),
        fc.constantFrom(0, 2, 18),
        (power, more, above, others, actorsVersion) => {
          const meets = (bytes: bigint, minersAbove: bigint) =>
            meetsConsensusMinimum({ rawBytePower: bytes, qualityAdjPower: bytes }, { minimum: MINIMUM, minersAbove, actorsVersion });
          if (meets(power, above)) expect(meets(power + more, above)).toBe(true);
          if (meets(power, above + others)) expect(meets(power, above)).toBe(true);
          if (power >= MINIMUM) expect(meets(power, above)).toBe(true);
        },
      ),
    );
  });
});

describe('standing', () => {
  it.each([
    ['power, no debt, no fault', 1n, 0n, -1, 100, null],
    ['no power', 0n, 0n, -1, 100, 'zero-claim'],
    ['debt', 1n, 1n, -1, 100, 'fee-debt'],
    ['in the exclusion after a fault', 1n, 0n, 900, 899, 'consensus-fault'],
    ['at its last epoch', 1n, 0n, 900, 900, 'consensus-fault'],
    ['after it', 1n, 0n, 900, 901, null],
    ['at genesis, never at fault', 1n, 0n, -1, 0, null],
    ['no power before debt before fault', 0n, 1n, 900, 899, 'zero-claim'],
    ['debt before fault', 1n, 1n, 900, 899, 'fee-debt'],
  ] satisfies [string, bigint, bigint, number, number, StandingFault | null][])('%s', (_, power, feeDebt, consensusFaultElapsed, height, fault) => {
    expect(standingFault({ power, feeDebt, consensusFaultElapsed }, height)).toBe(fault);
  });
});

/** Epochs and time. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochAt, epochTimestamp } from '../../src/chain/epoch.ts';

const MAINNET = { genesisTimestamp: 1598306400n, blockDelaySecs: 30 };

describe('epoch', () => {
  it('gives mainnet headers their timestamps', () => {
    expect(epochTimestamp(MAINNET, 0)).toBe(1598306400n);
    expect(epochTimestamp(MAINNET, 20)).toBe(1598307000n);
    expect(epochTimestamp(MAINNET, 2683410)).toBe(1678808700n);
  });

  it('begins at its timestamp and lasts until the next', () => {
    const clock = fc.record({ genesisTimestamp: fc.bigInt({ min: 0n, max: 1n << 40n }), blockDelaySecs: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(clock, fc.integer({ min: -1000, max: 10_000_000 }), (clock, epoch) => {
        const start = epochTimestamp(clock, epoch);
        expect(epochAt(clock, start)).toBe(epoch);
        expect(epochAt(clock, start + BigInt(clock.blockDelaySecs) - 1n)).toBe(epoch);
        expect(epochAt(clock, start - 1n)).toBe(epoch - 1);
      }),
    );
  });
});

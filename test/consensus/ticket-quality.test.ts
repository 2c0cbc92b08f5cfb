/** Ticket quality: vectors to the last bit, and its order against that of tickets. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import { blake2b256 } from '../../src/chain/encoding/hash.ts';
import { compareTickets } from '../../src/chain/tipset.ts';
import { ticketQuality } from '../../src/consensus/ticket-quality.ts';
import * as arb from '../arbitraries.ts';
import vectors from '../vectors/consensus-vectors.json' with { type: 'json' };

describe('ticket quality', () => {
  it('gives the eight published values exactly', () => {
    expect(vectors.ticketQuality).toHaveLength(8);
    for (const { vrf, quality, digest } of vectors.ticketQuality) {
      expect(toHex(blake2b256(fromHex(vrf)))).toBe(digest);
      expect(ticketQuality({ vrfProof: fromHex(vrf) })).toBe(quality);
    }
    expect(ticketQuality({ vrfProof: new Uint8Array(0) })).toBe(0.9439801126364769);
    expect(ticketQuality({ vrfProof: new Uint8Array(96).fill(1) })).toBe(0.39935542799694956);
  });

  it('lies in [0, 1], and a ticket that comes first is at least as good', () => {
    fc.assert(
      fc.property(arb.ticket, arb.ticket, (a, b) => {
        const [qualityA, qualityB] = [ticketQuality(a), ticketQuality(b)];
        expect(qualityA >= 0 && qualityA <= 1).toBe(true);
        if (compareTickets(a, b) < 0) expect(qualityA).toBeGreaterThanOrEqual(qualityB);
        else expect(qualityA).toBeLessThanOrEqual(qualityB);
      }),
    );
  });
});

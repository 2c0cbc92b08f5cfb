/**
 * Randomness draws: published vectors, an independent statement of the preimage, and which entry a block draws from.
 */

import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/chain/encoding/bytes.ts';
import {
  drawRandomness,
  randomnessBase,
  TAG_ELECTION_PROOF_PRODUCTION,
  TAG_TICKET_PRODUCTION,
  TAG_WINNING_POST_CHALLENGE_SEED,
} from '../../src/consensus/randomness.ts';
import * as arb from '../arbitraries.ts';
import vectors from '../vectors/consensus-vectors.json' with { type: 'json' };

/** The draw as docs/protocol.md 2.1 writes it. */
function draw(rbase: Uint8Array, tag: number, epoch: number, entropy: Uint8Array): Uint8Array {
  const numbers = Buffer.alloc(16);
  numbers.writeBigInt64BE(BigInt(tag), 0);
  numbers.writeBigInt64BE(BigInt(epoch), 8);
  const preimage = [numbers.subarray(0, 8), blake2b(rbase, { dkLen: 32 }), numbers.subarray(8), entropy];
  return blake2b(Buffer.concat(preimage), { dkLen: 32 });
}

describe('randomness', () => {
  it('draws the three published vectors', () => {
    const drawn = vectors.draw.map(({ rbase, tag, epoch, entropy }) => toHex(drawRandomness(fromHex(rbase), tag, epoch, fromHex(entropy))));
    expect(drawn).toEqual(vectors.draw.map(({ out }) => out));
    expect(drawn).toEqual([
      '938095b81f5e6597e73475f7dce2fbd1f8de8fc2e75e69bce3637bc900a9ed47',
      '3174ad35b4c5ab094064be843fdb13ad7b6bdaaf6715e96acf887fc97610ade3',
      '158504b01664f488cb1fa384c5cd5a7bbac30360e213a0a11a84fa746aa7b7c3',
    ]);
  });

  it('has the tags of go-state-types', () => {
    expect([TAG_TICKET_PRODUCTION, TAG_ELECTION_PROOF_PRODUCTION, TAG_WINNING_POST_CHALLENGE_SEED]).toEqual([1, 2, 3]);
  });

  it('draws what the rule says for any tag, epoch (also before genesis) and entropy', () => {
    fc.assert(
      fc.property(arb.bytes, fc.integer({ min: 1, max: 9 }), fc.integer({ min: -1, max: 1e9 }), arb.bytes, (rbase, tag, epoch, entropy) => {
        expect(toHex(drawRandomness(rbase, tag, epoch, entropy))).toBe(toHex(draw(rbase, tag, epoch, entropy)));
      }),
    );
  });

  it('starts from the last entry of the block, or from the one before it', () => {
    fc.assert(
      fc.property(fc.array(arb.beaconEntry, { maxLength: 4 }), arb.beaconEntry, (entries, previous) => {
        expect(randomnessBase(entries, previous)).toBe([previous, ...entries].at(-1)?.data);
      }),
    );
  });
});

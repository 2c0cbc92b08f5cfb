/**
 * What miners sign in an election and for a ticket: preimages stated independently, and the Smoke boundary. A real
 * devnet's: vrf.slow.test.ts.
 */

import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, idAddress } from '../../src/chain/address.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import type { Ticket } from '../../src/chain/ticket.ts';
import { CALIBNET, devnet2k, MAINNET } from '../../src/consensus/network/networks.ts';
import { electionVrfInput, ticketVrfInput, winningPostSeed } from '../../src/consensus/vrf.ts';
import * as arb from '../arbitraries.ts';

const F01000 = idAddress(1000n);
const ZEROS = new Uint8Array(32);
const TICKET: Ticket = { vrfProof: new Uint8Array(96).fill(7) };

/** Tag, epoch and entropy of docs/protocol.md 2.1, hashed by the reference library. */
function draw(rbase: Uint8Array, tag: number, epoch: number, ...entropy: readonly Uint8Array[]): string {
  const [tags, epochs] = [Buffer.alloc(8), Buffer.alloc(8)];
  tags.writeBigInt64BE(BigInt(tag));
  epochs.writeBigInt64BE(BigInt(epoch));
  return toHex(blake2b(Buffer.concat([tags, blake2b(rbase, { dkLen: 32 }), epochs, ...entropy]), { dkLen: 32 }));
}

/** Raw address bytes behind a CBOR head of the byte string's length, which is at most 55 here. */
function cborOfAddress(raw: Uint8Array): Uint8Array {
  return raw.length < 24 ? Uint8Array.of(0x40 + raw.length, ...raw) : Uint8Array.of(0x58, raw.length, ...raw);
}

describe('VRF inputs', () => {
  it('are the published draws of f01000', () => {
    expect(toHex(ticketVrfInput(MAINNET, ZEROS, 101, F01000, TICKET))).toBe('938095b81f5e6597e73475f7dce2fbd1f8de8fc2e75e69bce3637bc900a9ed47');
    expect(toHex(electionVrfInput(ZEROS, 101, F01000))).toBe('3174ad35b4c5ab094064be843fdb13ad7b6bdaaf6715e96acf887fc97610ade3');
    expect(toHex(winningPostSeed(ZEROS, 101, F01000))).toBe('158504b01664f488cb1fa384c5cd5a7bbac30360e213a0a11a84fa746aa7b7c3');
  });

  it('are tag, epoch and address for the election and the proof', () => {
    fc.assert(
      fc.property(arb.bytes, fc.nat(10_000_000), arb.address, (rbase, epoch, miner) => {
        const entropy = cborOfAddress(addressBytes(miner));
        expect(toHex(electionVrfInput(rbase, epoch, miner))).toBe(draw(rbase, 2, epoch, entropy));
        expect(toHex(winningPostSeed(rbase, epoch, miner))).toBe(draw(rbase, 3, epoch, entropy));
      }),
    );
  });

  it.each([
    ['mainnet at Smoke', MAINNET, 51_000, false],
    ['mainnet after Smoke', MAINNET, 51_001, true],
    ['calibnet, born after it', CALIBNET, 1, true],
    ['a 2k devnet', devnet2k(0n), 1, true],
  ])('of a ticket take the least ticket of the base in only after Smoke: %s', (_, params, epoch, takesIt) => {
    const entropy = takesIt ? [Uint8Array.of(0x43, 0x00, 0xe8, 0x07), TICKET.vrfProof] : [Uint8Array.of(0x43, 0x00, 0xe8, 0x07)];
    expect(toHex(ticketVrfInput(params, ZEROS, epoch, F01000, TICKET))).toBe(draw(ZEROS, 1, epoch - 1, ...entropy));
  });
});

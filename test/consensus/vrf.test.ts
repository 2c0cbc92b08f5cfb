/** What miners sign in an election and for a ticket: preimages stated independently, the Smoke boundary, and every signature of a real devnet made again with its keys. */

import { blake2b } from '@noble/hashes/blake2.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { addressBytes, formatAddress, idAddress } from '../../src/chain/address.ts';
import { type BlockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { fromHex, toHex } from '../../src/chain/bytes.ts';
import { encode } from '../../src/chain/codec.ts';
import { signature } from '../../src/chain/signature.ts';
import type { Ticket } from '../../src/chain/ticket.ts';
import { minTicket, type Tipset, tipsetOf } from '../../src/chain/tipset.ts';
import { CALIBNET, devnet2k as devnetParams, MAINNET } from '../../src/consensus/networks.ts';
import { electionVrfInput, ticketVrfInput, winningPostSeed } from '../../src/consensus/vrf.ts';
import * as any from '../arbitraries.ts';
import workerKeys from '../cassette/devnet-worker-key.json' with { type: 'json' };
import { devnet2k } from '../recorded-chains.ts';

const F01000 = idAddress(1000n);
const ZEROS = new Uint8Array(32);
const TICKET: Ticket = { vrfProof: new Uint8Array(96).fill(7) };

/** Tag, epoch and entropy of protocol.md 2.1, hashed by the reference library. */
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
      fc.property(any.bytes, fc.nat(10_000_000), any.address, (rbase, epoch, miner) => {
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
    ['a 2k devnet', devnetParams(0n), 1, true],
  ])('of a ticket take the least ticket of the base in only after Smoke: %s', (_, params, epoch, takesIt) => {
    const entropy = takesIt ? [Uint8Array.of(0x43, 0x00, 0xe8, 0x07), TICKET.vrfProof] : [Uint8Array.of(0x43, 0x00, 0xe8, 0x07)];
    expect(toHex(ticketVrfInput(params, ZEROS, epoch, F01000, TICKET))).toBe(draw(ZEROS, 1, epoch - 1, ...entropy));
  });
});

describe('the devnet’s workers', async () => {
  const { bls } = loadBls();
  const { blocks } = await devnet2k();
  const tipsets = new Map<string, Tipset>();
  for (const { header } of blocks) {
    if (tipsets.has(String(header.height))) continue;
    tipsets.set(String(header.height), tipsetOf(blocks.filter((other) => other.header.height === header.height).map((other) => other.header)));
  }
  const keys: Readonly<Record<string, { readonly privateKeyHexLittleEndian: string }>> = workerKeys.keys;
  const params = devnetParams(blocks[0]?.header.timestamp ?? 0n);
  const every = bls.name === 'native' ? 1 : 10;
  const mined = blocks.filter(({ header }, i) => header.height > 0 && i % every === 0).map(({ header }) => header);

  function heightBelow(epoch: number): Tipset {
    for (let height = epoch - 1; height >= 0; height--) {
      const tipset = tipsets.get(String(height));
      if (tipset !== undefined) return tipset;
    }
    throw new Error(`nothing below ${epoch}`);
  }

  function signedBy(header: BlockHeader, message: Uint8Array): string {
    const key = keys[formatAddress(header.miner, 't')];
    if (key === undefined) throw new Error(`no key of ${formatAddress(header.miner)}`);
    return toHex(bls.sign(fromHex(key.privateKeyHexLittleEndian), message));
  }

  it(`signed every election proof, ticket and block (${mined.length} of 581 blocks${every === 1 ? '' : ', a tenth of them as BLS runs in JavaScript'})`, () => {
    expect(mined).toHaveLength(every === 1 ? 581 : 58);
    for (const header of mined) {
      const rbase = header.beaconEntries.at(-1)?.data ?? expect.fail('no beacon entry');
      const base = heightBelow(header.height);
      expect(header.parents.map(String)).toEqual(base.key.map(String));
      expect(toHex(header.electionProof?.vrfProof ?? ZEROS)).toBe(signedBy(header, electionVrfInput(rbase, header.height, header.miner)));
      expect(toHex(header.ticket?.vrfProof ?? ZEROS)).toBe(signedBy(header, ticketVrfInput(params, rbase, header.height, header.miner, minTicket(base))));
      expect(toHex(encode(signature, header.blockSig ?? expect.fail('not signed'))).slice(-192)).toBe(signedBy(header, signingBytes(header)));
    }
  });
});

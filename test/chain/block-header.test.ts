/** Block headers, with Lotus' own vector. Real chains: block-header.slow.test.ts. */

import { describe, expect, it } from 'vitest';
import { secp256k1Address } from '../../src/chain/address.ts';
import { type BlockHeader, blockCid, blockHeader, signingBytes } from '../../src/chain/block-header.ts';
import { fromHex, fromUtf8, toHex } from '../../src/chain/encoding/bytes.ts';
import { parseCid } from '../../src/chain/encoding/cid.ts';
import { decode } from '../../src/chain/encoding/codec.ts';
import type { Signature } from '../../src/chain/signature.ts';
import { blockHeader as anyBlockHeader } from '../arbitraries.ts';
import { obeysCodecLaws } from '../codec-laws.ts';

/** lotus chain/types/blockheader_test.go, TestInteropBH. */
const MCID = parseCid('bafy2bzaceaxyj7xq27gc2747adjcirpxx52tt7owqx6z6kckun7tqivvoym4y');
const INTEROP: BlockHeader = {
  miner: secp256k1Address(fromUtf8('address0')),
  ticket: { vrfProof: Uint8Array.of(1, 2, 3) },
  electionProof: { winCount: 0, vrfProof: Uint8Array.of(10, 11) },
  beaconEntries: [{ round: 5n, data: Uint8Array.of(12) }],
  winPoStProof: [{ postProof: 0, proofBytes: Uint8Array.of(7) }],
  parents: [MCID],
  parentWeight: 1000n,
  height: 2,
  parentStateRoot: MCID,
  parentMessageReceipts: MCID,
  messages: MCID,
  // Go's zero value, which no reader takes.
  blsAggregate: { type: 0, data: Uint8Array.of() } as unknown as Signature,
  timestamp: 1n,
  blockSig: { type: 2, data: Uint8Array.of(3) },
  forkSignaling: 3n,
  parentBaseFee: 1_000_000_000n,
};
const LINK = 'd82a5827000171a0e402202f84fef0d7cc2d7f9f00d22445f7bf7539fdd685fd9f284aa37f3822b57619cc';
const INTEROP_HEX = `905501d04cb15021bf6bd003073d79e2238d4e61f1ad2281430102038200420a0b818205410c818200410781${LINK}430003e802${LINK}${LINK}${LINK}410001f60345003b9aca00`;

describe('block header', () => {
  obeysCodecLaws(blockHeader, anyBlockHeader);

  it('signs the bytes of Lotus’ TestInteropBH', () => {
    expect(toHex(signingBytes(INTEROP))).toBe(INTEROP_HEX);
    expect(() => decode(blockHeader, fromHex(INTEROP_HEX))).toThrow(expect.objectContaining({ code: 'SIGNATURE_TYPE', place: 'BlockHeader.blsAggregate' }));
  });

  it('signs everything but the signature', () => {
    const other = { ...INTEROP, blockSig: null };
    expect(toHex(signingBytes(other))).toBe(INTEROP_HEX);
    expect(blockCid(other).equals(blockCid(INTEROP))).toBe(false);
    expect(toHex(signingBytes({ ...INTEROP, forkSignaling: 4n }))).not.toBe(INTEROP_HEX);
  });

  it('has Lotus’ names in JSON', () => {
    expect(Object.keys(blockHeader.toJson(INTEROP) as object)).toEqual(
      [
        'Miner Ticket ElectionProof BeaconEntries WinPoStProof Parents ParentWeight Height ParentStateRoot ParentMessageReceipts',
        'Messages BLSAggregate Timestamp BlockSig ForkSignaling ParentBaseFee',
      ]
        .join(' ')
        .split(' '),
    );
  });
});

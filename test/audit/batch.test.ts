/** Signatures verified together: whatever is wrong with them, the report is that of verifying each. */

import { fc, test } from '@fast-check/vitest';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { judgeInBatches } from '../../src/audit/batch.ts';
import { openCar } from '../../src/audit/car/car-file.ts';
import { openHandle } from '../../src/audit/car/car-file-reader.ts';
import { walkChain } from '../../src/audit/chain/chain-table.ts';
import { tableView } from '../../src/audit/chain/table-view.ts';
import { rememberingRecovery } from '../../src/audit/remember.ts';
import { judgeStretch } from '../../src/audit/stretch.ts';
import { type BlockHeader, blockHeader } from '../../src/chain/block-header.ts';
import type { CID } from '../../src/chain/encoding/cid.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { networkOption } from '../../src/cli/options/network-option.ts';
import type { BlsClaim, SignedDigest } from '../../src/consensus/signatures/bls.ts';
import { recoverSecp256k1 } from '../../src/consensus/signatures/noble.ts';
import { DEVNET_CAR, DEVNET_NETWORK } from './fixtures/devnet.ts';

const { bls } = loadBls();
const file = await openCar(DEVNET_CAR);
const reader = openHandle(file.handle);
afterAll(async () => {
  reader.close();
  await file.close();
});
const { table, genesis } = walkChain(reader.get, file.headKey);
/** Most of it has blocks with messages. */
const STRETCH = { from: 100, to: 103, miners: [], expect: ['f01000'] };
const heldBack = rememberingRecovery(recoverSecp256k1);
const salt = () => new Uint8Array(32).fill(7);

/** Blocks of the stretch, and what judges them with some of their headers altered. */
const cids: readonly CID[] = judgeStretch(judgeOver(new Map()), table, STRETCH).blocks.map(({ cid }) => cidOf(cid));

function cidOf(text: string): CID {
  for (let row = STRETCH.from; row < STRETCH.to + 2; row++) {
    const found = tableView(reader.get, table)
      .lastUpTo(table.heights[row] as number)
      .key.find((cid) => cid.toString() === text);
    if (found !== undefined) return found;
  }
  throw new Error(`no block ${text} in the stretch`);
}

type Altered = ReadonlyMap<string, Uint8Array>;

function judgeOver(altered: Altered) {
  const get = (cid: CID): Uint8Array | undefined => altered.get(cid.toString()) ?? reader.get(cid);
  return { params: networkOption(DEVNET_NETWORK)(genesis), view: tableView(get, table), bls, recoverSecp256k1: heldBack };
}

const headerOf = (cid: CID): BlockHeader => decode(blockHeader, reader.get(cid) as Uint8Array);

const PARTS = ['election', 'ticket', 'block', 'aggregate', 'beacon'] as const;
type Part = (typeof PARTS)[number];

function signatureOf(header: BlockHeader, part: Part): Uint8Array {
  if (part === 'election') return header.electionProof?.vrfProof as Uint8Array;
  if (part === 'ticket') return header.ticket?.vrfProof as Uint8Array;
  if (part === 'beacon') return header.beaconEntries.at(-1)?.data as Uint8Array;
  return (part === 'block' ? header.blockSig?.data : header.blsAggregate?.data) as Uint8Array;
}

function withSignature(header: BlockHeader, part: Part, data: Uint8Array): BlockHeader {
  if (part === 'election') return { ...header, electionProof: { winCount: header.electionProof?.winCount ?? 0, vrfProof: data } };
  if (part === 'ticket') return { ...header, ticket: { vrfProof: data } };
  if (part === 'beacon') return { ...header, beaconEntries: header.beaconEntries.map((entry) => ({ ...entry, data })) };
  return part === 'block' ? { ...header, blockSig: { type: 2, data } } : { ...header, blsAggregate: { type: 2, data } };
}

/** Both ways; and whether they say the same. */
function judged(altered: Altered) {
  const [one, together] = [judgeStretch(judgeOver(altered), table, STRETCH), judgeInBatches(judgeOver(altered), table, STRETCH, salt)];
  expect(together).toEqual(one);
  return one.blocks.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict.verdict === 'wrong').map(({ check }) => check));
}

/** What is done to a signature: a bit turned, another's of the chain in its place, infinity, nothing, a byte less. */
const alteration = fc.oneof(
  fc.record({ how: fc.constant('flip' as const), at: fc.nat(95), bit: fc.nat(7) }),
  fc.record({ how: fc.constant('other' as const), block: fc.nat(), part: fc.constantFrom(...PARTS) }),
  fc.record({ how: fc.constantFrom('infinity' as const, 'empty' as const, 'short' as const) }),
);

function altering(signature: Uint8Array, change: typeof alteration extends fc.Arbitrary<infer A> ? A : never): Uint8Array {
  if (change.how === 'flip') return signature.map((byte, i) => (i === change.at % signature.length ? byte ^ (1 << change.bit) : byte));
  if (change.how === 'other') return signatureOf(headerOf(cids[change.block % cids.length] as CID), change.part);
  if (change.how === 'infinity') return Uint8Array.of(0xc0, ...new Uint8Array(95));
  return change.how === 'empty' ? new Uint8Array(0) : signature.subarray(1);
}

describe('signatures in batches', () => {
  it('of a good chain: the same report, each verified once and together', () => {
    const calls = { one: 0, together: 0, beacons: 0 };
    const counted = {
      ...bls,
      verify(signed: SignedDigest) {
        calls.one++;
        return bls.verify(signed);
      },
      verifyG1(signed: SignedDigest) {
        calls.one++;
        return bls.verifyG1(signed);
      },
      aggregateVerify(...args: Parameters<typeof bls.aggregateVerify>) {
        calls.one++;
        return bls.aggregateVerify(...args);
      },
      claimsHold(claims: readonly BlsClaim[], random: Uint8Array) {
        calls.together++;
        return bls.claimsHold(claims, random);
      },
      claimsHoldG1(claims: readonly BlsClaim[], random: Uint8Array) {
        calls.beacons++;
        return bls.claimsHoldG1(claims, random);
      },
    };
    expect(judged(new Map())).toEqual([]);
    judgeInBatches({ ...judgeOver(new Map()), bls: counted }, table, STRETCH, salt);
    expect(calls).toEqual({ one: 0, together: 1, beacons: 1 });
  });

  test.prop([fc.array(fc.tuple(fc.nat(), fc.constantFrom(...PARTS), alteration), { minLength: 1, maxLength: 3 })], { numRuns: 12 })(
    'whatever becomes of some: the same report',
    (changes) => {
      const altered = new Map<string, Uint8Array>();
      for (const [block, part, change] of changes) {
        const cid = cids[block % cids.length] as CID;
        const header = decode(blockHeader, altered.get(cid.toString()) ?? (reader.get(cid) as Uint8Array));
        altered.set(cid.toString(), encode(blockHeader, withSignature(header, part, altering(signatureOf(header, part), change))));
      }
      judged(altered);
    },
  );

  it('two that cancel each other out are found: without weights their sum would be as it was', () => {
    const [cid, header] = [cids[0] as CID, headerOf(cids[0] as CID)];
    const swapped = withSignature(withSignature(header, 'election', signatureOf(header, 'ticket')), 'ticket', signatureOf(header, 'election'));
    expect(judged(new Map([[cid.toString(), encode(blockHeader, swapped)]]))).toEqual(expect.arrayContaining(['election-vrf', 'ticket-vrf']));
  });
});

it('each check has a salt of its own, drawn after its signatures were named', () => {
  const drawn: string[] = [];
  const named = {
    ...bls,
    claimsHold: (claims: readonly BlsClaim[], random: Uint8Array) => drawn.push(`g2 ${random[0]}`) > 0 && bls.claimsHold(claims, random),
  };
  const fresh = (): Uint8Array => new Uint8Array(32).fill(drawn.push('draw'));
  judgeInBatches({ ...judgeOver(new Map()), bls: named }, table, STRETCH, fresh);
  expect(drawn).toEqual(['draw', 'g2 1', 'draw']);
});

/**
 * Winning-PoSt challenges: every sector that recorded nodes had challenged, and the arithmetic stated independently.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { idAddress, idOf } from '../../src/chain/address.ts';
import { blockHeader } from '../../src/chain/block-header.ts';
import { type BitField, bitFieldCount, bitFieldMembers, bitFieldNth } from '../../src/chain/encoding/bit-field.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { decode } from '../../src/chain/encoding/codec.ts';
import { readMiner } from '../../src/chain/state/miner.ts';
import { provingSet } from '../../src/chain/state/proving-set.ts';
import { openStateTree } from '../../src/chain/state/state-tree.ts';
import { beaconDemand } from '../../src/consensus/beacon.ts';
import { networkFromJson } from '../../src/consensus/network/network-file.ts';
import { randomnessBase } from '../../src/consensus/randomness.ts';
import { winningPostSeed } from '../../src/consensus/vrf.ts';
import { challengedLeaves, challengedSectorIndex, MOCK_PROOF, postRandomness, proverId, WINNING_POST_CHALLENGES } from '../../src/consensus/winning-post.ts';
import * as arb from '../arbitraries.ts';
import { type CarFile, headersOf, readCar } from '../chain/state/car-file.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type BaseInfo, recordedBaseInfos } from './base-info.ts';

const cassette = sharedData('cassette');

/**
 * MinerGetBaseInfo's answers over all recordings of a network, and how many of them are about a base that the file's
 * chain has.
 */
const DEVNETS = [
  {
    name: 'devnet-2k',
    car: 'devnet-2k.car.gz',
    recordings: ['01-lotus-miner', '02-tiny-miner', '03-errors', '04-restart', '05-stall', '06-probe', '07-tiny-miner-alone'],
    sectors: { 1000: 8, 1001: 4, 1002: 2 },
    answers: 1156,
    onChain: 1147,
  },
  {
    name: 'devnet-2k-realpost',
    car: 'realpost/devnet-2k-realpost.car.gz',
    recordings: ['realpost/08-real-post'],
    sectors: { 1000: 6, 1001: 2 },
    answers: 143,
    onChain: 141,
  },
] as const;

describe.skipIf(cassette.absent).each(DEVNETS)(suiteName('$name', cassette.absent), ({ name, car: file, recordings, sectors, answers, onChain }) => {
  let car: CarFile;
  let infos: readonly BaseInfo[];
  const proving = new Map<bigint, BitField>();
  beforeAll(async () => {
    car = await readCar(`${cassette.path}/${file}`);
    infos = recordings.flatMap((recording) => recordedBaseInfos(`${cassette.path}/${recording}.jsonl.gz`));
    // Every epoch recorded looks back to genesis.
    const genesis = headersOf(car).find(({ height }) => height === 0) ?? expect.fail('no genesis');
    const tree = openStateTree(car.get, genesis.parentStateRoot);
    for (const id of Object.keys(sectors).map(BigInt)) proving.set(id, provingSet(readMiner(tree, id) ?? expect.fail('no miner'), 28));
  });

  it(`the miners prove ${Object.values(sectors).join(', ')} sectors`, () => {
    expect(Object.fromEntries([...proving].map(([id, field]) => [id, Number(bitFieldCount(field))]))).toEqual(sectors);
  });

  it(`${answers} answers name the sector that is challenged`, () => {
    expect(infos).toHaveLength(answers);
    const chosen = new Map<bigint, Set<bigint>>([...proving.keys()].map((id) => [id, new Set()]));
    for (const { miner, epoch, previousBeacon, beaconEntries, sectors: told } of infos) {
      const field = proving.get(idOf(miner)) ?? expect.fail('no miner');
      const randomness = postRandomness(winningPostSeed(randomnessBase(beaconEntries, previousBeacon), epoch, miner));
      const index = challengedSectorIndex(randomness, idOf(miner), bitFieldCount(field));
      expect(told).toEqual([bitFieldNth(field, index)]);
      chosen.get(idOf(miner))?.add(told[0] as bigint);
    }
    // Each sector of each miner was challenged at some time: no constant answer passes.
    for (const [id, field] of proving) expect([...(chosen.get(id) ?? [])].sort()).toEqual([...bitFieldMembers(field)].sort());
  });

  it(`${onChain} of them, on bases that became the chain, give the beacon entries that are asked for`, () => {
    const params = networkFromJson(JSON.parse(readFileSync(new URL(`../cassette/${name}.network.json`, import.meta.url), 'utf8')));
    let compared = 0;
    for (const { epoch, base, previousBeacon, beaconEntries } of infos) {
      const bytes = car.get(base[0] ?? expect.fail('no base'));
      if (bytes === undefined) continue;
      compared++;
      const { height } = decode(blockHeader, bytes);
      expect(beaconDemand(params, height, epoch, previousBeacon)).toEqual({ kind: 'rounds', rounds: beaconEntries.map(({ round }) => round) });
    }
    expect(compared).toBe(onChain);
  });
});

describe('challenge arithmetic', () => {
  const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const le64 = (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes;
  };

  it('clears the two highest bits of the seed and leaves the seed alone', () => {
    fc.assert(
      fc.property(arb.bytesOf(32), (seed) => {
        const was = toHex(seed);
        const scalar = postRandomness(seed);
        expect(toHex(seed)).toBe(was);
        expect([...scalar.subarray(0, 31)]).toEqual([...seed.subarray(0, 31)]);
        expect(scalar[31]).toBe((seed[31] as number) % 64);
      }),
    );
  });

  it('knows a miner by LEB128 in 32 bytes', () => {
    expect(toHex(proverId(1000n))).toBe(`e807${'00'.repeat(30)}`);
    expect(toHex(proverId(127n))).toBe(`7f${'00'.repeat(31)}`);
    expect(toHex(proverId((1n << 63n) - 1n))).toBe(`${'ff'.repeat(8)}7f${'00'.repeat(23)}`);
  });

  it('takes the sector from the first 8 bytes of a hash of prover, randomness and 0', () => {
    fc.assert(
      fc.property(arb.bytesOf(32), fc.bigInt({ min: 0n, max: arb.I64_MAX }), fc.bigInt({ min: 1n, max: 1n << 40n }), (randomness, id, sectors) => {
        // The payload of an id address is the same LEB128.
        const prover = Buffer.concat([idAddress(id).payload, Buffer.alloc(32)]).subarray(0, 32);
        expect(challengedSectorIndex(randomness, id, sectors)).toBe(sha256(prover, randomness, le64(0n)).readBigUInt64LE() % sectors);
        expect(challengedSectorIndex(randomness, id, 1n)).toBe(0n);
      }),
    );
  });

  it.each([2n << 10n, 8n << 20n, 512n << 20n, 32n << 30n, 64n << 30n])('takes 66 leaves of a sector of %i bytes', (size) => {
    fc.assert(
      fc.property(arb.bytesOf(32), fc.bigInt({ min: 0n, max: arb.U64_MAX }), (randomness, sector) => {
        const expected = Array.from({ length: 66 }, (_, i) => sha256(randomness, le64(sector), le64(BigInt(i))).readBigUInt64LE() % (size / 32n));
        expect(challengedLeaves(randomness, sector, size)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('has Lotus’ constants', () => {
    expect([WINNING_POST_CHALLENGES, Buffer.from(MOCK_PROOF).toString()]).toEqual([66, 'valid proof']);
  });
});

/** Every layout of docs/protocol.md 4.6, made up field by field, and what is none of them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressBytes, delegatedAddress, formatAddress, idAddress, parseAddress } from '../../../src/chain/address.ts';
import { bitFieldMembers } from '../../../src/chain/encoding/bit-field.ts';
import { type CID, cidOf, parseCid } from '../../../src/chain/encoding/cid.ts';
import { keyAddress } from '../../../src/chain/state/account.ts';
import { BUILTIN_CODES } from '../../../src/chain/state/builtin-codes.ts';
import { networkName, resolveAddress } from '../../../src/chain/state/init.ts';
import { readMiner } from '../../../src/chain/state/miner.ts';
import { claimOf, readPower } from '../../../src/chain/state/power.ts';
import { provingSet } from '../../../src/chain/state/proving-set.ts';
import { sectorOf } from '../../../src/chain/state/sector.ts';
import { getActor, openStateTree } from '../../../src/chain/state/state-tree.ts';
import { actorName, builtinActorNames } from '../../../src/chain/state/system.ts';
import { judge, same } from '../../../src/consensus/validation/verdict.ts';
import { DecodeError, MineOneError, UnknownLayoutError } from '../../../src/errors/mineone-error.ts';
import { amount, bits, fieldsOf, idBytes, namedCode, type Workbench, workbench } from './synthetic-state.ts';

/** Code of an actor of a version: by name up to 7, the first of the list since. */
function codeOf(name: string, version: number): CID {
  if (version <= 7) return namedCode(version === 0 ? 1 : version, name);
  const line = new RegExp(`^${name} (\\d+)(?:-(\\d+))?\\n  (\\S+)`, 'gm');
  for (const [, first, last, code] of BUILTIN_CODES.matchAll(line)) {
    if (version >= Number(first) && version <= Number(last ?? first)) return parseCid(`bafk2bzace${code}`);
  }
  throw new Error(`no code of ${name} ${version}`);
}

/** State tree of an actors version (docs/protocol.md 4.4; network versions 0, 4, 10, 12, 13, 18). */
function treeOf(version: number): number {
  return version === 0 ? 0 : version === 2 ? 1 : version === 3 ? 2 : version === 4 ? 3 : version < 10 ? 4 : 5;
}

const VERSIONS = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];

function powerFields(bench: Workbench, version: number, claim: unknown): unknown[] {
  const [count, claimsAt] = version === 0 ? [16, 14] : version <= 14 ? [15, 13] : [17, 15];
  const said = { 0: amount(100n), 1: amount(1n), 2: amount(1000n), 3: amount(2n), 9: 5, 10: 4 };
  return fieldsOf(count, { ...said, [claimsAt]: bench.map([[idBytes(1000), claim]]) });
}

function claimFields(version: number): unknown[] {
  return version === 0 ? [amount(32n), amount(320n)] : [8, amount(32n), amount(320n)];
}

interface MinerParts {
  readonly partitions?: readonly (readonly unknown[])[];
  readonly minerCount?: number;
  readonly infoCount?: number;
  readonly deadlineCount?: number;
  readonly sectorCount?: number;
  readonly deadlines?: number;
}

function partition(version: number, fields: { sectors: number[]; unproven?: number[]; faults?: number[]; terminated?: number[] }): unknown[] {
  const { sectors, unproven = [], faults = [], terminated = [] } = fields;
  const recoveries = bits(77);
  if (version === 0) return fieldsOf(9, { 0: bits(...sectors), 1: bits(...faults), 2: recoveries, 3: bits(...terminated) });
  return fieldsOf(11, { 0: bits(...sectors), 1: bits(...unproven), 2: bits(...faults), 3: recoveries, 4: bits(...terminated) });
}

/** A miner f01000 whose layouts are those of the version unless told otherwise. */
function minerTree(version: number, parts: MinerParts = {}) {
  const bench = workbench(treeOf(version));
  const minerCount = parts.minerCount ?? (version === 0 ? 13 : version <= 3 ? 14 : 15);
  const infoCount = parts.infoCount ?? (version === 0 ? 9 : version <= 8 ? 11 : 14);
  const deadlineCount = parts.deadlineCount ?? (version <= 2 ? 7 : version <= 6 ? 10 : version <= 15 ? 11 : 13);
  const sectorCount = parts.sectorCount ?? (version === 0 ? 11 : version <= 6 ? 13 : version <= 8 ? 14 : 15);
  const sealed = cidOf(Uint8Array.of(9));
  const info = { 0: idBytes(99), 1: idBytes(101), 2: [idBytes(102), idBytes(103)], 6: 8, 7: 34359738368, 8: 2349, ...(version === 0 ? {} : { 9: 1234 }) };
  const given = parts.partitions ?? [partition(version, { sectors: [1, 2, 3, 4, 5], unproven: [5], faults: [2], terminated: [3] })];
  const empty = bench.put(fieldsOf(deadlineCount, { 0: bench.array([], 3) }));
  const full = bench.put(
    fieldsOf(deadlineCount, {
      0: bench.array(
        given.map((p, i) => [BigInt(i), p] as const),
        3,
      ),
    }),
  );
  const deadlines = bench.put([Array.from({ length: parts.deadlines ?? 48 }, (_, i) => (i % 20 === 7 ? full : empty))]);
  const sectors = bench.array([[4n, fieldsOf(sectorCount, { 0: 4, 1: 8, 2: sealed })]], 5);
  const old = { 0: bench.put(fieldsOf(infoCount, info)), 8: sectors, 11: deadlines };
  const now = { 0: bench.put(fieldsOf(infoCount, info)), 4: amount(55n), 9: sectors, 12: deadlines };
  const code = codeOf('storageminer', version);
  return { bench, sealed, tree: bench.tree([{ id: 1000n, code, state: fieldsOf(minerCount, version === 0 ? old : now) }]) };
}

describe.each(VERSIONS)('actors version %i', (version) => {
  test('power and claims', () => {
    const bench = workbench(treeOf(version));
    const power = readPower(bench.tree([{ id: 4n, code: codeOf('storagepower', version), state: powerFields(bench, version, claimFields(version)) }]));
    expect(power).toMatchObject({ totalRawBytePower: 100n, totalQualityAdjPower: 1000n, minerCount: 5n, minerAboveMinPowerCount: 4n });
    expect(power.actorsVersion === 0).toBe(version === 0);
    expect(claimOf(power, 1000n)).toEqual({ rawBytePower: 32n, qualityAdjPower: 320n });
    expect(claimOf(power, 1001n)).toBeNull();
  });

  test('a miner, its proving set and its sectors', () => {
    const { tree, sealed } = minerTree(version);
    const miner = readMiner(tree, 1000n);
    if (miner === null) throw new Error('there is a miner');
    expect(miner.info).toEqual({
      owner: idAddress(99),
      worker: idAddress(101),
      control: [idAddress(102), idAddress(103)],
      proof: { of: version <= 2 ? 'seal' : 'windowPoSt', type: 8 },
      sectorSize: 34359738368n,
      partitionSectors: 2349n,
      consensusFaultElapsed: version === 0 ? -1 : 1234,
    });
    expect(miner.feeDebt).toBe(version === 0 ? 0n : 55n);
    expect([...bitFieldMembers(provingSet(miner, 7))]).toEqual(version === 0 ? [1n, 4n, 5n] : [1n, 4n]);
    expect([...bitFieldMembers(provingSet(miner, 6))]).toEqual([1n, 3n, 4n, 5n]);
    expect(sectorOf(miner, 4n)).toEqual({ number: 4n, sealProof: 8, sealedCid: sealed });
    expect(sectorOf(miner, 5n)).toBeNull();
    expect(readMiner(tree, 1001n)).toBeNull();
  });

  test('init and accounts', () => {
    const bench = workbench(treeOf(version));
    const key = parseAddress('f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za');
    const names = bench.map([[addressBytes(key), 101]]);
    const tree = bench.tree([
      { id: 1n, code: codeOf('init', version), state: [names, 102, 'somenet'] },
      { id: 101n, code: codeOf('account', version), state: [addressBytes(key)] },
      { id: 99n, code: codeOf('account', version), state: [idBytes(99)] },
    ]);
    expect(networkName(tree)).toBe('somenet');
    expect(resolveAddress(tree, key)).toBe(101n);
    expect(resolveAddress(tree, idAddress(5))).toBe(5n);
    expect(resolveAddress(tree, parseAddress('f2plku564ddywnmb5b2ky7dhk4mb6uacsxuuev3pi'))).toBeNull();
    expect(keyAddress(tree, 101n)).toEqual(key);
    expect(keyAddress(tree, 99n)).toBeNull();
    expect(keyAddress(tree, 1n)).toBeNull();
    expect(keyAddress(tree, 7n)).toBeNull();
    expect(readMiner(tree, 101n)).toBeNull();
  });
});

describe('delegated addresses', () => {
  const f4 = delegatedAddress(10n, new Uint8Array(20).fill(0xab));

  test('are the key of what has one, also before an account’s own', () => {
    const bench = workbench(5);
    const tree = bench.tree([
      { id: 101n, code: codeOf('ethaccount', 18), state: [], delegatedAddress: f4 },
      { id: 102n, code: codeOf('placeholder', 18), state: [], delegatedAddress: f4 },
      { id: 103n, code: codeOf('account', 18), state: [addressBytes(parseAddress('f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za'))], delegatedAddress: f4 },
      { id: 104n, code: codeOf('ethaccount', 18), state: [] },
    ]);
    for (const id of [101n, 102n, 103n]) expect(keyAddress(tree, id)).toEqual(f4);
    expect(keyAddress(tree, 104n)).toBeNull();
    expect(getActor(tree, 101n)).toMatchObject({ nonce: 7n, balance: 1000n, delegatedAddress: f4 });
    expect(formatAddress(getActor(tree, 101n)?.delegatedAddress ?? idAddress(0))).toMatch(/^f410f/);
  });
});

describe('the system actor', () => {
  const code = cidOf(fromText('some new multisig'));

  test('names codes that nobody knows yet', () => {
    const bench = workbench(5);
    const manifest = bench.put([
      ['account', codeOf('account', 18)],
      ['multisig', code],
    ]);
    const tree = bench.tree([
      { id: 0n, code: cidOf(fromText('some new system')), state: [manifest] },
      { id: 101n, code, state: [] },
      { id: 102n, code: cidOf(fromText('stranger')), state: [] },
      { id: 103n, code: codeOf('ethaccount', 18), state: [] },
    ]);
    expect(builtinActorNames(tree).get(code.toString())).toBe('multisig');
    const nameOf = (id: bigint) => actorName(tree, getActor(tree, id) ?? expect.fail());
    expect(nameOf(101n)).toBe('multisig');
    expect(nameOf(103n)).toBe('ethaccount');
    expect(() => nameOf(102n)).toThrow(UnknownLayoutError);
    expect(() => keyAddress(tree, 101n)).toThrow(code.toString());
  });

  test('has no manifest up to v7', () => {
    const bench = workbench(4);
    expect(builtinActorNames(bench.tree([{ id: 0n, code: codeOf('system', 7), state: [] }])).size).toBe(0);
    expect(() => builtinActorNames(bench.tree([{ id: 0n, code: codeOf('system', 7), state: [1, 2] }]))).toThrow(UnknownLayoutError);
    expect(() => builtinActorNames(bench.tree([]))).toThrow(/f00 \(system\)/);
  });
});

describe('never a guess', () => {
  const bench = workbench(5);

  test.each([
    ['a state tree of version 6', () => openStateTree(bench.get, bench.put([6, bench.map([]), bench.put([])])), 'version 6'],
    ['a state tree that says it is of version 0', () => openStateTree(bench.get, bench.put([0, bench.map([]), bench.put([])])), 'version 0'],
    ['a state root of four fields', () => openStateTree(bench.get, bench.put([5, 1, 2, 3])), '4 fields'],
    ['a power state of 18 fields', () => readPower(bench.tree([{ id: 4n, code: codeOf('storagepower', 18), state: fieldsOf(18, {}) }])), '18 fields'],
    ['a power state of v0 in v18', () => readPower(bench.tree([{ id: 4n, code: codeOf('storagepower', 18), state: fieldsOf(16, {}) }])), '16 fields'],
    ['another actor in the power actor’s place', () => readPower(bench.tree([{ id: 4n, code: codeOf('account', 18), state: [] }])), 'f04 is a account'],
    ['actors v7 in a tree of version 0', () => readPower(workbench(0).tree([{ id: 4n, code: codeOf('storagepower', 7), state: [] }])), 'version 7'],
    ['actors v0 in a tree of version 5', () => readPower(bench.tree([{ id: 4n, code: namedCode(1, 'storagepower'), state: [] }])), 'version 0'],
    ['a miner of 16 fields', () => readMiner(minerTree(18, { minerCount: 16 }).tree, 1000n), '16 fields'],
    ['a miner of v2 in v18', () => readMiner(minerTree(18, { minerCount: 14 }).tree, 1000n), '14 fields'],
    ['a miner info of 12 fields', () => readMiner(minerTree(18, { infoCount: 12 }).tree, 1000n), '12 fields'],
    ['a deadline of 12 fields', () => prove(minerTree(18, { deadlineCount: 12 })), '12 fields'],
    ['47 deadlines', () => prove(minerTree(18, { deadlines: 47 })), '47 fields'],
    ['a partition of 10 fields', () => prove(minerTree(18, { partitions: [fieldsOf(10, {})] })), '10 fields'],
    ['a sector of 17 fields', () => sectorOf(readMiner(minerTree(18, { sectorCount: 17 }).tree, 1000n) ?? expect.fail(), 4n), '17 fields'],
    ['a sector of 16 fields in v15', () => sectorOf(readMiner(minerTree(15, { sectorCount: 16 }).tree, 1000n) ?? expect.fail(), 4n), '16 fields'],
    [
      'actors of a version to come',
      () => readPower(bench.tree([{ id: 4n, code: cidOf(fromText('storagepower v20')), state: fieldsOf(17, {}) }])),
      'not one of those known, of actors v0 to v19: of a later version, or of another network',
    ],
  ])('%s: not checkable, and why', (_, act, said) => {
    const verdict = judge(() => same(act(), 'a state'));
    expect(verdict).toEqual({ verdict: 'not-checkable', missing: expect.stringContaining(said) });
    expect(act).toThrow(UnknownLayoutError);
    expect(act).toThrow(said);
  });

  test('a field of another kind, a missing actor: the input’s fault, with its place', () => {
    const power = (said: { readonly [i: number]: unknown }) => () =>
      readPower(bench.tree([{ id: 4n, code: codeOf('storagepower', 18), state: fieldsOf(17, said) }]));
    expect(power({})).toThrow(DecodeError);
    expect(power({})).toThrow('power state[0]: expected a byte string');
    expect(power({ 0: Uint8Array.of(2, 1) })).toThrow('power state[0]: a big integer begins with');
    expect(power({ 0: amount(1n), 2: amount(1n), 9: 'five' })).toThrow('power state[9]: expected an integer');
    expect(power({ 0: amount(1n), 2: amount(1n), 9: 5, 10: 4, 15: 1 })).toThrow('power state[15]: expected a link');
    expect(() => readPower(bench.tree([]))).toThrow('f04 (storagepower)');
    const tree = bench.tree([{ id: 4n, code: codeOf('storagepower', 18), state: 'a text' }]);
    expect(() => readPower(tree)).toThrow(/power state baf\w+: expected an array/);
  });

  test('a miner of more runs than can be held', () => {
    // 131072 sectors apart from each other, in each of 9 partitions: 1.2 million runs.
    const many = new Uint8Array(32 * 1024).fill(0xff);
    many[0] = 0xfc;
    const part = fieldsOf(11, { 0: many, 1: bits(), 2: bits(), 3: bits(), 4: bits() });
    expect(() => prove(minerTree(18, { partitions: Array.from({ length: 9 }, () => part) }))).toThrow('more than 1048576 runs');
  });
});

describe('hostile states', () => {
  test('a changed byte anywhere is read or refused, never anything else', () => {
    const refused = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(0, 2, 6, 18), fc.nat(), fc.nat(), fc.nat(255), (version, which, where, byte) => {
        const { bench, tree } = minerTree(version);
        const [cid, bytes] = [...bench.blocks][which % bench.blocks.size] ?? expect.fail();
        bench.blocks.set(
          cid,
          bytes.map((old, i) => (i === where % bytes.length ? byte : old)),
        );
        try {
          const miner = readMiner(openStateTree(bench.get, tree.root), 1000n);
          if (miner === null) return;
          expect(provingSet(miner, 7)).toBeDefined();
          sectorOf(miner, 4n);
        } catch (error) {
          if (!(error instanceof MineOneError)) throw error;
          refused.add(error.code);
        }
      }),
      { numRuns: 200 },
    );
    expect(refused.size).toBeGreaterThan(5);
  });
});

function prove({ tree }: ReturnType<typeof minerTree>) {
  return provingSet(readMiner(tree, 1000n) ?? expect.fail(), 28);
}

function fromText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * A chain's state as plain values, and the blocks of the state tree that says the same: what a synthetic chain's epochs
 * turn into one another.
 */

import { CID as PlainCid } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { type Address, addressBytes } from '../../../src/chain/address.ts';
import type { CID } from '../../../src/chain/encoding/cid.ts';
import { sha256 } from '../../../src/chain/encoding/hash.ts';
import type { GetBlock } from '../../../src/chain/ipld/block-store.ts';
import { amount, bits, fieldsOf, idBytes, type Workbench, workbench } from '../../chain/state/synthetic-state.ts';
import type { MadeLayout } from './layout.ts';

export interface MadeState {
  readonly accounts: readonly MadeAccount[];
  readonly miners: readonly MadeMiner[];
}

export interface MadeAccount {
  readonly id: number;
  readonly key: Address;
  readonly nonce: number;
}

/** Power in bytes, debt in attoFIL. */
export interface MadeMiner {
  readonly id: number;
  /** Id of the account. */
  readonly worker: number;
  readonly claim: MadeClaim | null;
  readonly feeDebt: bigint;
  readonly faultElapsed: number;
  readonly partitions: readonly MadePartition[];
}

export interface MadeClaim {
  readonly raw: bigint;
  readonly qa: bigint;
}

/** Sector numbers; actors v0 have no unproven ones. */
export interface MadePartition {
  readonly sectors: readonly number[];
  readonly unproven: readonly number[];
  readonly faults: readonly number[];
  readonly terminated: readonly number[];
}

export function minerIn(state: MadeState, id: number): MadeMiner | undefined {
  return state.miners.find((miner) => miner.id === id);
}

/** The state with one miner changed. */
export function withMiner(state: MadeState, id: number, change: Partial<MadeMiner>): MadeState {
  if (minerIn(state, id) === undefined) throw new Error(`no miner ${id} to change`);
  return { ...state, miners: state.miners.map((miner) => (miner.id === id ? { ...miner, ...change } : miner)) };
}

export function totalQaPower(state: MadeState): bigint {
  return state.miners.reduce((sum, { claim }) => sum + (claim?.qa ?? 0n), 0n);
}

/** Writes states; what two of them share is one block. */
export interface StateMaker {
  readonly get: GetBlock;
  blocks(): Iterable<readonly [cid: string, bytes: Uint8Array]>;
  /**
   * Root of the state in a layout. `minimum` is the network's consensus minimum in bytes, by which the power actor
   * counts.
   */
  root(state: MadeState, layout: MadeLayout, minimum: bigint): CID;
}

export function stateMaker(networkName: string): StateMaker {
  const benches = new Map<number, Workbench>();
  const roots = new Map<MadeLayout, WeakMap<MadeState, CID>>();
  const once = <K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V => {
    const made = map.get(key) ?? make();
    map.set(key, made);
    return made;
  };
  return {
    get: (cid) => [...benches.values()].map((bench) => bench.get(cid)).find((bytes) => bytes !== undefined),
    blocks: () => new Map([...benches.values()].flatMap((bench) => [...bench.blocks])),
    root: (state, layout, minimum) => {
      const bench = once(benches, layout.tree, () => workbench(layout.tree));
      const known = once(roots, layout, () => new WeakMap<MadeState, CID>());
      return once(known, state, () => writeState(bench, layout, state, minimum, networkName));
    },
  };
}

function writeState(bench: Workbench, layout: MadeLayout, state: MadeState, minimum: bigint, networkName: string): CID {
  const ids = bench.map(state.accounts.map(({ id, key }) => [addressBytes(key), id]));
  const actors: readonly (readonly [id: number, name: string, state: unknown, nonce?: number])[] = [
    [0, 'system', []],
    [1, 'init', [ids, 10_000, networkName]],
    [4, 'storagepower', powerFields(bench, layout, state, minimum)],
    ...state.accounts.map(({ id, key, nonce }) => [id, 'account', [addressBytes(key)], nonce] as const),
    ...state.miners.map((miner) => [miner.id, 'storageminer', minerFields(bench, layout, miner)] as const),
  ];
  const root = bench.map(
    actors.map(([id, name, fields, nonce = 0]) => {
      const actor = [layout.code(name), bench.put(fields), nonce, amount(10n ** 21n)];
      return [idBytes(id), layout.tree === 5 ? [...actor, null] : actor];
    }),
  );
  return layout.tree === 0 ? root : bench.put([layout.tree, root, bench.put([])]);
}

function powerFields(bench: Workbench, layout: MadeLayout, { miners }: MadeState, minimum: bigint): unknown[] {
  const claims = miners.flatMap(({ id, claim }) => (claim === null ? [] : [[id, claim] as const]));
  const total = (of: (claim: MadeClaim) => bigint): Uint8Array => amount(claims.reduce((sum, [, claim]) => sum + of(claim), 0n));
  // Actors v0 held quality-adjusted power against the minimum, later ones raw power.
  const above = claims.filter(([, { raw, qa }]) => (layout.actors === 0 ? qa : raw) >= minimum).length;
  const written = claims.map(([id, { raw, qa }]) => [idBytes(id), layout.actors === 0 ? [amount(raw), amount(qa)] : [8, amount(raw), amount(qa)]] as const);
  return fieldsOf(layout.power.fields, {
    0: total(({ raw }) => raw),
    // The committed totals are none of the rules' business: what reads them instead is far off.
    1: amount(1n),
    2: total(({ qa }) => qa),
    3: amount(2n),
    9: miners.length,
    10: above,
    [layout.power.claims]: bench.map(written),
  });
}

function minerFields(bench: Workbench, layout: MadeLayout, { worker, feeDebt, faultElapsed, partitions }: MadeMiner): unknown[] {
  const { info, miner } = layout;
  // The owner is nobody that has a key.
  const info0 = { 0: idBytes(98), 1: idBytes(worker), 2: [], 6: layout.actors === 18 ? 8 : 3, 7: 2 ** 35, 8: 2349 };
  const empty = bench.put(fieldsOf(layout.deadlineFields, { 0: bench.array([], 3) }));
  const deadlines = Array.from({ length: 48 }, () => empty);
  // One partition to a deadline, every seventh: a reader has to visit them all.
  partitions.forEach((partition, i) => {
    deadlines[(7 * i) % 48] = bench.put(fieldsOf(layout.deadlineFields, { 0: bench.array([[0n, partitionFields(layout, partition)]], 3) }));
  });
  const numbers = partitions.flatMap(({ sectors }) => sectors);
  return fieldsOf(miner.fields, {
    0: bench.put(fieldsOf(info.fields, info.faultElapsed === null ? info0 : { ...info0, [info.faultElapsed]: faultElapsed })),
    ...(miner.feeDebt === null ? {} : { [miner.feeDebt]: amount(feeDebt) }),
    [miner.sectors]: bench.array(
      numbers.map((number) => [BigInt(number), fieldsOf(layout.sectorFields, { 0: number, 1: 8, 2: sealedCid(number) })] as const),
      5,
    ),
    [miner.deadlines]: bench.put([deadlines]),
  });
}

function partitionFields({ partition }: MadeLayout, { sectors, unproven, faults, terminated }: MadePartition): unknown[] {
  return fieldsOf(partition.fields, {
    0: bits(...sectors),
    ...(partition.unproven === null ? {} : { [partition.unproven]: bits(...unproven) }),
    [partition.faults]: bits(...faults),
    [partition.recoveries]: bits(),
    [partition.terminated]: bits(...terminated),
  });
}

/** fil-commitment-sealed with a Poseidon digest. */
function sealedCid(number: number): CID {
  return PlainCid.createV1(0xf102, createDigest(0xb401, sha256(Uint8Array.of(number & 255, number >> 8))));
}

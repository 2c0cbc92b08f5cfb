/**
 * A chain of 2,130 epochs for everything that looks back: from 10 epochs to 900 at Assembly, states of actors v0, v2
 * and v18, and changes of them that show from one epoch to the next. Each change is followed, one lookback later, by
 * signed blocks just before, on and after the place where it begins to count.
 */

import type { Epoch } from '../../src/chain/epoch.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { type Change, type MadeChain, makeChain } from './made/chain.ts';
import { type DrandOptions, madeDrand } from './made/drand.ts';
import { madeNetwork } from './made/network.ts';
import { type MadeMiner, type MadePartition, type MadeState, withMiner } from './made/state.ts';
import { fill, mine } from './sealed-block.ts';
import { type WorkerKey, workerKey } from './worker-key.ts';

const TIB = 1n << 40n;

export const ASSEMBLY = 1000;
export const CALICO = 1250;
export const SKYR = 1600;
export const QUICK = 1800;
export const FIRE_HORSE = 1900;

/** Large and steady; now and then by far the largest. */
export const GIANT = 1000;
/** Signs most blocks; changes its worker key, its sectors, its standing. */
export const WORKER = 1001;
/** Comes and goes: no power around Assembly, all sectors faulty for a while, at last no claim. */
export const LOSER = 1003;
/** Is there from 1140 on. */
export const NEWCOMER = 1004;
/** Much verified power on few bytes: above the minimum of actors v0, below that of later ones. */
export const VERIFIED = 1005;

/**
 * The first words of their kind with which everybody wins where the story needs it; the accounts' ids are 100 and on,
 * in this order.
 */
const WORDS = { giant: 'giant', a: 'a 5', b: 'b 6', c: 'c 3', loser: 'loser 32', newcomer: 'newcomer 8', verified: 'verified 7', small: 'small' };
export type WordOf = keyof typeof WORDS;
const ACCOUNTS = Object.keys(WORDS) as WordOf[];

const CHAINED: DrandOptions = { name: 'made chained', scheme: 'pedersen-bls-chained', periodSecs: 30, genesisTime: 1_690_000_011n };
const UNCHAINED: DrandOptions = { name: 'made unchained', scheme: 'bls-unchained-g1-rfc9380', periodSecs: 3, genesisTime: 1_695_000_001n };

export function lookbackChain(bls: Bls, words: Readonly<Record<WordOf, string>> = WORDS): MadeChain {
  const keys = new Map(ACCOUNTS.map((name) => [name, workerKey(bls, words[name])]));
  const [chained, unchained] = [madeDrand(bls, CHAINED), madeDrand(bls, UNCHAINED)];
  const heights = { assembly: ASSEMBLY, tape: 1040, kumquat: 1060, calico: CALICO, persian: 1260, skyr: SKYR, shark: 1700, fireHorse: FIRE_HORSE };
  const beacons = [
    { start: 0, network: chained.network },
    { start: QUICK, network: unchained.network },
  ];
  const chain = makeChain({
    params: madeNetwork('made-lookback', heights, beacons),
    bls,
    drands: [chained, unchained],
    keys: [...keys.values()],
    genesis: genesisState(keys),
    changes: CHANGES,
    nulls: NULLS,
  });
  for (const [epoch, miners, others = []] of SIGNED) {
    fill(chain, epoch - 1);
    mine(chain, epoch, miners, { others });
  }
  fill(chain, 2130);
  return chain;
}

function account(name: WordOf): number {
  return 100 + ACCOUNTS.indexOf(name);
}

function genesisState(keys: ReadonlyMap<WordOf, WorkerKey>): MadeState {
  return {
    accounts: ACCOUNTS.map((name) => ({ id: account(name), key: (keys.get(name) as WorkerKey).address, nonce: 0 })),
    miners: [
      madeMiner(GIANT, 'giant', 30n, 30n),
      { ...madeMiner(WORKER, 'a', 6n, 200n), partitions: SECTORS_AT_FIRST },
      madeMiner(1002, 'small', 5n, 5n),
      madeMiner(LOSER, 'loser', 5n, 60n),
      madeMiner(VERIFIED, 'verified', 3n, 100n),
      madeMiner(1006, 'small', 5n, 5n),
    ],
  };
}

function madeMiner(id: number, worker: WordOf, raw: bigint, qa: bigint): MadeMiner {
  const partitions = [partition({ sectors: [1, 2, 3, 4, 5] })];
  return { id, worker: account(worker), claim: { raw: raw * TIB, qa: qa * TIB }, feeDebt: 0n, faultElapsed: -1, partitions };
}

function partition(fields: Partial<MadePartition>): MadePartition {
  return { sectors: [], unproven: [], faults: [], terminated: [], ...fields };
}

/** Terminated sectors count up to Calico; later there are others altogether. */
const SECTORS_AT_FIRST = [
  partition({ sectors: [10, 11, 12, 13, 14, 15, 16], faults: [12], terminated: [10, 14] }),
  partition({ sectors: [30, 31, 32, 33, 34], unproven: [30, 33], terminated: [31] }),
];
const SECTORS_LATER = [
  partition({ sectors: [50, 51, 52, 53, 54, 55, 56], faults: [51, 53], terminated: [50, 54] }),
  partition({ sectors: [70, 71, 72, 73, 74], unproven: [74], terminated: [71] }),
];

function change(epoch: Epoch, miner: number, fields: Partial<MadeMiner>): Change {
  return { epoch, change: (state) => withMiner(state, miner, fields) };
}

function power(raw: bigint, qa: bigint): Pick<MadeMiner, 'claim'> {
  return { claim: { raw: raw * TIB, qa: qa * TIB } };
}

const ALL_FAULTY = { partitions: [partition({ sectors: [1, 2, 3], faults: [1, 2, 3] })] };
const HEALTHY = { partitions: [partition({ sectors: [1, 2, 3] })] };

const CHANGES: readonly Change[] = [
  change(500, GIANT, power(30n, 1600n)),
  change(505, GIANT, power(30n, 30n)),
  change(520, WORKER, { worker: account('b') }),
  change(540, WORKER, { worker: account('a') }),
  change(599, WORKER, { worker: account('b') }),
  change(995, LOSER, power(0n, 0n)),
  change(1010, LOSER, power(5n, 60n)),
  change(1100, GIANT, power(30n, 1600n)),
  change(1105, GIANT, power(30n, 30n)),
  change(1110, WORKER, { worker: account('c') }),
  change(1120, WORKER, { worker: account('b') }),
  change(1130, WORKER, { worker: account('c') }),
  { epoch: 1140, change: (state) => ({ ...state, miners: [...state.miners, madeMiner(NEWCOMER, 'newcomer', 5n, 100n)] }) },
  change(1150, VERIFIED, power(5n, 100n)),
  change(1170, WORKER, { partitions: SECTORS_LATER }),
  change(1180, LOSER, ALL_FAULTY),
  change(1183, LOSER, HEALTHY),
  change(2090, WORKER, { feeDebt: 1n }),
  change(2095, WORKER, { feeDebt: 0n }),
  change(2100, WORKER, { faultElapsed: 2105 }),
  change(2110, LOSER, { claim: null }),
];

const NULLS: readonly Epoch[] = [539, 540, 541, ...Array.from({ length: 12 }, (_, i) => 600 + i), 1119, 1120, 1121, 2028, 2029];

/** Epoch, who mines it, and who does besides if it wins. */
const SIGNED: readonly (readonly [Epoch, readonly number[], (readonly number[])?])[] = [
  // The power of 500 counts for the weight from 502 on, for wins from 510; that of 505 from 515.
  [501, [WORKER]],
  [502, [WORKER]],
  [509, [WORKER]],
  [510, [GIANT], [WORKER]],
  [511, [GIANT]],
  [514, [GIANT]],
  [515, [WORKER], [GIANT]],
  [516, [WORKER]],
  // The worker of 520 from 530; that of 540, a null round, from 552.
  [529, [WORKER]],
  [530, [WORKER]],
  [531, [WORKER]],
  [549, [WORKER]],
  [550, [WORKER]],
  [551, [WORKER]],
  [552, [WORKER]],
  // More null rounds than the lookback of 10: the base's own state.
  [612, [WORKER]],
  // Assembly: the lookback becomes 900, and standing is asked for one base later.
  [1000, [WORKER]],
  [1001, [WORKER, LOSER]],
  [1002, [WORKER]],
  [CALICO, [WORKER]],
  [CALICO + 1, [WORKER]],
  [CALICO + 2, [WORKER]],
  // Workers of 520, 542 and 599 again, 900 epochs later.
  [1419, [WORKER]],
  [1420, [WORKER]],
  [1441, [WORKER]],
  [1442, [WORKER]],
  [SKYR, [WORKER]],
  [SKYR + 1, [WORKER]],
  [SKYR + 2, [WORKER]],
  [QUICK - 1, [WORKER]],
  [QUICK, [WORKER]],
  [QUICK + 1, [WORKER]],
  // The state before the lookback tipset of 1902 is the first of actors v2.
  [FIRE_HORSE, [WORKER]],
  [FIRE_HORSE + 1, [WORKER, VERIFIED]],
  [FIRE_HORSE + 2, [WORKER]],
  [1999, [WORKER], [GIANT]],
  [2000, [GIANT], [WORKER]],
  [2001, [GIANT]],
  [2004, [GIANT]],
  [2005, [WORKER], [GIANT]],
  [2006, [WORKER]],
  [2009, [WORKER]],
  [2010, [WORKER], [GIANT, LOSER]],
  [2011, [WORKER]],
  // Lookbacks of 1118 to 1122, of which three are null.
  [2018, [WORKER]],
  [2019, [WORKER]],
  [2020, [WORKER]],
  [2021, [WORKER]],
  [2022, [WORKER]],
  [2023, [WORKER]],
  // After null rounds of its own.
  [2030, [WORKER]],
  [2041, [NEWCOMER]],
  [2051, [VERIFIED]],
  [2069, [WORKER]],
  [2070, [WORKER]],
  [2071, [WORKER]],
  [2083, [LOSER]],
  [2091, [WORKER]],
  [2097, [WORKER]],
  [2101, [WORKER]],
  [2107, [WORKER]],
  [2111, [LOSER]],
];

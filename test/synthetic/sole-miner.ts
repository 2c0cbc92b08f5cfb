/** A made chain of one miner with nearly all power, for rules that do not depend on who mines. */

import type { Epoch } from '../../src/chain/epoch.ts';
import type { BeaconPeriod, UpgradeName } from '../../src/consensus/network/network.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { type MadeChain, makeChain } from './made/chain.ts';
import type { MadeDrand } from './made/drand.ts';
import { madeNetwork } from './made/network.ts';
import { type WorkerKey, workerKey } from './worker-key.ts';

const TIB = 1n << 40n;

/** Actor id of the miner. It wins 993 of 1000 epochs. */
export const SOLE = 1000;
/** Actor ids of the accounts that send messages. */
export const SENDER = 101;
export const NEW_SENDER = 102;

export interface SoleMinerOptions {
  readonly name: string;
  readonly heights: { readonly [name in UpgradeName]?: number };
  readonly beacons: readonly { readonly start: Epoch; readonly drand: MadeDrand }[];
  readonly nulls?: readonly Epoch[];
  /** When the second sender's account comes into being; never. */
  readonly newSenderAt?: Epoch;
}

export interface SoleMinerChain extends MadeChain {
  readonly sender: WorkerKey;
  readonly newSender: WorkerKey;
}

export function soleMinerChain(bls: Bls, { name, heights, beacons, nulls = [], newSenderAt }: SoleMinerOptions): SoleMinerChain {
  const [worker, sender, newSender] = [workerKey(bls, name), workerKey(bls, `${name} sender`), workerKey(bls, `${name} new sender`)];
  const newAccount = { id: NEW_SENDER, key: newSender.address, nonce: 0 };
  const periods: readonly BeaconPeriod[] = beacons.map(({ start, drand }) => ({ start, network: drand.network }));
  const claim = { raw: 100n * TIB, qa: 100n * TIB };
  const partitions = [{ sectors: [1, 2, 3], unproven: [], faults: [], terminated: [] }];
  const chain = makeChain({
    params: madeNetwork(name, heights, periods),
    bls,
    drands: [...new Set(beacons.map(({ drand }) => drand))],
    keys: [worker, sender, newSender],
    genesis: {
      accounts: [
        { id: 100, key: worker.address, nonce: 0 },
        { id: SENDER, key: sender.address, nonce: 0 },
      ],
      miners: [{ id: SOLE, worker: 100, claim, feeDebt: 0n, faultElapsed: -1, partitions }],
    },
    nulls,
    changes: newSenderAt === undefined ? [] : [{ epoch: newSenderAt, change: (state) => ({ ...state, accounts: [...state.accounts, newAccount] }) }],
  });
  return { ...chain, sender, newSender };
}

/**
 * The embedded chain in this process, behind the node port (architecture.md 8): K miners whose blocks come from outside, rivals of its own, a drand-style beacon,
 * messages, states, and full validation of every block. Seeded: the same calls at the same times of its clock give the same chain.
 */

import type { Address } from '../chain/address.ts';
import type { BlockHeader } from '../chain/block-header.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import type { CID } from '../chain/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { MineOneError } from '../chain/error.ts';
import type { Tipset } from '../chain/tipset.ts';
import type { Bls } from '../consensus/bls.ts';
import type { NetworkParams } from '../consensus/network.ts';
import type { ChainView } from '../consensus/validation/chain-view.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';
import type { Rival, World } from './world.ts';

/** Where the chain is kept: what was appended so far, oldest first, and more to come. See `openChainFile`. */
export interface DevnetStore {
  readonly entries: readonly Uint8Array[];
  append(entry: Uint8Array): void;
}

export interface DevnetOptions {
  /** Keys, traffic, rivals: all chance comes from it. */
  readonly seed: string;
  readonly clock: Clock;
  readonly bls: Bls;
  /** How many; they are f01000, f01001 … */
  readonly miners: number;
  /** Quality-adjusted bytes of each miner, over and over; all alike if not given. */
  readonly powers?: readonly bigint[];
  readonly rivals?: readonly Rival[];
  /** Seconds; 30, and a third and a fifteenth of it (rounded) for propagation and equivocation, if not given. */
  readonly blockDelaySecs?: number;
  readonly propagationDelaySecs?: number;
  readonly equivocationDelaySecs?: number;
  /** Seconds since 1970; now if not given, and never asked of a chain that is taken up again. */
  readonly genesisTimestamp?: bigint;
  /** Messages an epoch on average; 8 if not given. */
  readonly traffic?: number;
  /** Taken up where it ends; in memory alone if not given. Throws `DEVNET_STORE` for a chain of another seed or other miners. */
  readonly store?: DevnetStore;
}

export interface DevnetMiner {
  readonly address: Address;
  /** `f01000` */
  readonly name: string;
  readonly workerKey: Address;
  /** 32 bytes, little-endian, as `keySigner` takes them. */
  readonly privateKey: Uint8Array;
  /** Quality-adjusted bytes at genesis. */
  readonly power: bigint;
}

/** Who made a block: somebody who submitted it to the node, or a rival. */
export type BlockSource = 'node' | 'rival';

export type DevnetEvent =
  /** Before it is judged. */
  | { readonly type: 'submitted'; readonly cid: CID; readonly block: BlockMessage; readonly from: BlockSource }
  /** Passed every check. */
  | { readonly type: 'accepted'; readonly cid: CID; readonly header: BlockHeader; readonly from: BlockSource }
  /** `reason` in Lotus' words. */
  | { readonly type: 'rejected'; readonly cid: CID; readonly header: BlockHeader; readonly from: BlockSource; readonly reason: string }
  /** A new head; a reorg where tipsets were reverted (newest first, as `applied` is oldest first). */
  | { readonly type: 'head'; readonly head: Tipset; readonly reverted: readonly Tipset[]; readonly applied: readonly Tipset[] }
  /** Two blocks of one miner at one epoch: neither is in tipsets formed from now on. */
  | { readonly type: 'equivocation'; readonly miner: Address; readonly epoch: Epoch; readonly cids: readonly CID[] };

export interface Devnet {
  readonly network: NetworkParams;
  readonly miners: readonly DevnetMiner[];
  readonly node: Node;
  /** The chain as validation and audit ask for it; `tipset` knows every accepted block. */
  readonly view: ChainView;
  readonly world: World;
  /** The head of this moment, without a call that could fail. */
  head(): Tipset;
  /** Rivals and traffic from now on; the node answers before that too. */
  start(): void;
  /** Rivals and traffic end; resolves when nothing waits on the clock any more. */
  stop(): Promise<void>;
  /** Listeners are called at once, in order, and must not throw; the result takes this one off. */
  on(listener: (event: DevnetEvent) => void): () => void;
}

export function createDevnet(_options: DevnetOptions): Devnet {
  throw new MineOneError('DEVNET_UNFINISHED', 'the devnet is being built');
}

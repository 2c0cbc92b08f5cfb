/**
 * The embedded chain in this process, behind the node port (docs/architecture.md 8): K miners whose blocks come from
 * outside, rivals of its own, a drand-style beacon, messages, states, and full validation of every block. Seeded: the
 * same calls at the same times of its clock give the same chain.
 */

import { type Address, addressKey } from '../chain/address.ts';
import type { Tipset } from '../chain/tipset.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import { recoverSecp256k1 } from '../consensus/signatures/noble.ts';
import type { ChainView } from '../consensus/validation/chain-view.ts';
import { optionCheck } from '../errors/option.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';
import { devnetBeacon } from './beacon-network.ts';
import { devnetChain } from './chain/chain.ts';
import { genesisBlock, NO_MESSAGES, NO_RECEIPTS } from './chain/genesis-block.ts';
import { type FullNode, fullNode, KEPT_EPOCHS } from './full-node.ts';
import { devnetLife } from './life.ts';
import { type NodePort, nodePort } from './node-port.ts';
import { type KeptChain, keptChain } from './resume.ts';
import { devnetRivals, type Rivals } from './rivals.ts';
import { type CastMiner, castOf } from './setting/cast.ts';
import type { DevnetEvent } from './setting/event.ts';
import { devnetParams } from './setting/network-params.ts';
import { checkDevnetOptions, type DevnetOptions, type DevnetStore } from './setting/options.ts';
import { rememberingBls, rememberingRecovery } from './setting/remembering-bls.ts';
import { checkedWorld, type World } from './setting/world.ts';
import { type SlashMemory, slashMemory } from './slash-memory.ts';
import { blockTable } from './state/block-table.ts';
import { putGenesisState } from './state/genesis-state.ts';
import { devnetTraffic } from './traffic.ts';

export type { DevnetEvent, DevnetOptions, DevnetStore };

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

export interface Devnet {
  readonly network: NetworkParams;
  readonly miners: readonly DevnetMiner[];
  readonly node: Node;
  /** The chain as validation and audit ask for it; `tipset` knows every accepted block. */
  readonly view: ChainView;
  readonly world: World;
  /** The head of this moment, without a call that could fail. */
  head(): Tipset;
  /**
   * Rivals and traffic from now on; the node answers before that too. Throws `DEVNET_STARTED` the second time,
   * `DEVNET_STOPPED`.
   */
  start(): void;
  /** Rivals and traffic end; resolves when nothing waits on the clock any more. Called again it is the same end. */
  stop(): Promise<void>;
  /**
   * Listeners are called at once, in order, and must not throw; the result takes this one off. Throws `DEVNET_OPTION`
   * for what is no function.
   */
  on(listener: (event: DevnetEvent) => void): () => void;
}

/**
 * Throws `DEVNET_MINERS` for none at all or too many, `DEVNET_OPTION` for an option that is none, and what its store
 * throws. Nothing happens before {@link Devnet.start}.
 */
export function createDevnet(options: DevnetOptions): Devnet {
  checkDevnetOptions(options);
  const { clock } = options;
  const listeners = new Set<(event: DevnetEvent) => void>();
  const emit = (event: DevnetEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const bls = rememberingBls(options.bls);
  const cast = castOf(bls, options);
  const kept = keptChain(options, options.store);
  const genesisTimestamp = kept.genesisTimestamp ?? options.genesisTimestamp ?? BigInt(Math.floor(clock.now() / 1000));
  const params = devnetParams(bls, cast.drandKey, { ...options, genesisTimestamp });
  const table = blockTable();
  table.keep(NO_RECEIPTS);
  table.keep({ root: NO_MESSAGES.cid, blocks: NO_MESSAGES.blocks });
  const chain = devnetChain(table, params, genesisBlock(params, putGenesisState(table, cast, params)));
  const beacon = devnetBeacon(bls, cast.drandKey, params);
  const recovery = rememberingRecovery(recoverSecp256k1);
  const wallet = new Map(cast.miners.map(({ worker }) => [addressKey(worker.address), worker.privateKey]));
  const full = fullNode({
    params,
    chain,
    beacon,
    clock,
    bls,
    recovery,
    wallet,
    emit,
    onTaken: (block, messages) => kept.keep({ kind: 'block', block, messages }),
    onMade: kept.keepMessages,
  });
  const slash = slashMemory();
  kept.takeUp(full, slash);
  const on = (listener: (event: DevnetEvent) => void): (() => void) => {
    optionCheck('devnet.on', 'DEVNET_OPTION')('listener', listener, 'a function', typeof listener === 'function');
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const port = nodePort(full, slash, clock, (listener) => on(({ type }) => type === 'head' && listener()));
  const rivals = devnetRivals(full, bls, cast.miners);
  const traffic = devnetTraffic({ seed: options.seed, node: full, senders: cast.senders, bls, recovery, average: options.traffic ?? TRAFFIC });
  const life = devnetLife({ params, clock, rivals, traffic, prune: () => prune(full, slash), onFailed: port.fail });
  prune(full, slash);
  return {
    network: params,
    miners: cast.miners.filter(({ rival }) => rival === null).map(minerOf),
    node: port.node,
    view: chain,
    world: checkedWorld(worldOf({ full, slash, port, rivals, clock, kept })),
    head: () => chain.head(),
    start: life.start,
    stop: life.stop,
    on,
  };
}

const TRAFFIC = 8;

function prune(full: FullNode, slash: SlashMemory): void {
  const below = full.chain.head().height - KEPT_EPOCHS;
  if (below <= 0) return;
  full.forgetBelow(below);
  slash.forgetBelow(below);
}

function minerOf({ address, name, worker, power }: CastMiner): DevnetMiner {
  return { address, name, workerKey: worker.address, privateKey: worker.privateKey, power };
}

interface WorldParts {
  readonly full: FullNode;
  readonly slash: SlashMemory;
  readonly port: NodePort;
  readonly rivals: Rivals;
  readonly clock: Clock;
  readonly kept: KeptChain;
}

/**
 * Epochs between a tipset's execution and the first epoch whose base it stands before: what it changes is seen there.
 */
const SEEN_AFTER = 2;

function worldOf({ full, slash, port, rivals, clock, kept }: WorldParts): World {
  return {
    reorg: (depth = 1) => rivals.reorg(depth),
    cheat: (cheat, from) => rivals.cheat(cheat, from),
    nullRounds: (from, to) => rivals.rest(from, to),
    setMiner(miner, change, from) {
      full.requireMiner(miner);
      kept.keep({ kind: 'change', change: full.chain.schedule({ height: from - SEEN_AFTER, miner, change }) });
    },
    restart(awayMs) {
      full.desk.pool.clear();
      slash.clear();
      port.awayUntil(clock.now() + awayMs);
    },
  };
}

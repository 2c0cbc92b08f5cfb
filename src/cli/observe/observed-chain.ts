/**
 * A chain snapshot opened to be mined again: its tipsets by height, its network's rules, a node over it on a virtual
 * clock.
 */

import { loadBls } from '../../../native/bls.ts';
import { chainNode } from '../../adapters/chain-node.ts';
import { type VirtualClock, virtualClock } from '../../adapters/virtual-clock.ts';
import { openCar } from '../../audit/car/car-file.ts';
import { openHandle } from '../../audit/car/car-file-reader.ts';
import { walkChain } from '../../audit/chain/chain-table.ts';
import { type TableView, tableView } from '../../audit/chain/table-view.ts';
import { formatAddress } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import { type Epoch, epochTimestamp } from '../../chain/epoch.ts';
import { rangeFault } from '../../chain/epoch-range.ts';
import { horizonWarning, lastMinedEpoch } from '../../consensus/network/horizon.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';
import { recoverSecp256k1 } from '../../consensus/signatures/noble.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Node } from '../../ports/node.ts';
import { networkOption } from '../options/network-option.ts';
import { interruption } from '../terminal/interrupt.ts';

export interface ObservedChain {
  readonly params: NetworkParams;
  readonly view: TableView;
  /** Epochs that will be mined again. */
  readonly range: { readonly from: Epoch; readonly to: Epoch };
  readonly bls: Bls;
  readonly blsNote: string | null;
  /** Stands at the beginning of the epoch before the first. */
  readonly clock: VirtualClock;
  readonly node: Node;
  close(): Promise<void>;
}

export interface ObserveOptions {
  readonly network: string;
  readonly from?: Epoch | undefined;
  readonly to?: Epoch | undefined;
  readonly onProgress: (text: string) => void;
}

/** Throws what opening the file throws, `NETWORK_MISMATCH`, `RUN_RANGE`, `UPGRADE_UNKNOWN`. */
export async function openObservedChain(path: string, { network, from, to, onProgress }: ObserveOptions): Promise<ObservedChain> {
  const file = await openCar(path, { signal: interruption, onProgress: (bytes) => onProgress(`reading ${(bytes / 1e6).toFixed(1)} MB`) });
  const reader = openHandle(file.handle);
  const close = async (): Promise<void> => {
    reader.close();
    await file.close();
  };
  try {
    const { table, genesis } = walkChain(reader.get, file.headKey, (height) => onProgress(`finding the chain: epoch ${height}`));
    const params = paramsOf(network, genesis);
    const view = tableView(reader.get, table);
    const range = rangeOf(params, { first: table.heights[0] as number, head: view.head.height }, from, to);
    const { bls, note } = loadBls();
    const clock = virtualClock(Number(epochTimestamp(params, range.from - 1)) * 1000);
    return { params, view, range, bls, blsNote: note, clock, node: chainNode(view, { params, bls, recoverSecp256k1 }, clock), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function paramsOf(network: string, genesis: BlockHeader | null): NetworkParams {
  const params = networkOption(network)(genesis);
  if (genesis === null || genesis.timestamp === params.genesisTimestamp) return params;
  const message = `genesis of the source is of ${genesis.timestamp}, that of network ${params.name} of ${params.genesisTimestamp}; name the right one with --network`;
  throw new MineOneError('NETWORK_MISMATCH', message);
}

/**
 * The first tipset of a chain is a base and never mined again: what it stands on is not there. Past an upgrade that is
 * not known nothing is mined.
 */
function rangeOf(params: NetworkParams, chain: { readonly first: Epoch; readonly head: Epoch }, from?: Epoch, to?: Epoch): ObservedChain['range'] {
  const range = { from: Math.max(from ?? 0, chain.first + 1), to: Math.min(to ?? chain.head, chain.head, lastMinedEpoch(params)) };
  const warning = horizonWarning(params);
  if (range.from > lastMinedEpoch(params) && warning !== null) throw warning;
  if (range.from > range.to)
    throw new MineOneError('RUN_RANGE', rangeFault('what can be mined again of the source', { from: chain.first + 1, to: chain.head }, from, to));
  return range;
}

/** Blocks of an epoch, by their miner; none in a null round. */
export function blocksAt(view: TableView, epoch: Epoch): ReadonlyMap<string, BlockHeader> {
  const tipset = view.lastUpTo(epoch);
  return new Map(tipset.height === epoch ? tipset.blocks.map((block) => [formatAddress(block.miner), block]) : []);
}

/** Everybody who mined in the range, in the order of their ids. */
export function minersOf({ view, range }: Pick<ObservedChain, 'view' | 'range'>): readonly string[] {
  const miners = new Set<string>();
  for (let epoch = range.from; epoch <= range.to; epoch++) for (const miner of blocksAt(view, epoch).keys()) miners.add(miner);
  return [...miners].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/**
 * What we ask of a full node. Every call may take long or fail; a failure is a `PortError` (src/errors/port-error.ts),
 * or any error with its fields; an aborted call ends with its signal's reason.
 */

import type { Address } from '../chain/address.ts';
import type { BeaconEntry } from '../chain/beacon-entry.ts';
import type { BlockMessage } from '../chain/block-message.ts';
import type { Epoch } from '../chain/epoch.ts';
import type { SignedMessage } from '../chain/message.ts';
import type { Tipset, TipsetKey } from '../chain/tipset.ts';
import type { BlockTemplate } from '../consensus/block-template.ts';
import type { MiningBaseInfo, SectorInfo } from '../mining/base-info.ts';

export type { MiningBaseInfo, SectorInfo };

export interface Node {
  head(signal: AbortSignal): Promise<Tipset>;
  /** Since when this head is the head, in milliseconds since 1970, where the node knows. */
  readonly headSince?: (head: Tipset) => number | undefined;
  /** Waits for the round of an epoch that is near. */
  beaconEntry(epoch: Epoch, signal: AbortSignal): Promise<BeaconEntry>;
  /** `null` for a miner that is not in the lookback state, or has no active sector there. */
  miningBaseInfo(miner: Address, epoch: Epoch, base: TipsetKey, signal: AbortSignal): Promise<MiningBaseInfo | null>;
  selectMessages(base: TipsetKey, ticketQuality: number, signal: AbortSignal): Promise<readonly SignedMessage[]>;
  createBlock(template: BlockTemplate, signal: AbortSignal): Promise<BlockMessage>;
  /**
   * Resolves when the node did not refuse the block, which is not to say that it took it. Rejects with
   * `NODE_MESSAGES_MISSING` where it has not all of the block's messages.
   */
  submitBlock(block: BlockMessage, signal: AbortSignal): Promise<void>;
  /** Hands a message to the node's pool, which keeps it for blocks that have it. */
  pushMessage(message: SignedMessage, signal: AbortSignal): Promise<void>;
  /** The last tipset of at most this height on the head's chain: a lower one where the height is a null round. */
  tipsetAt(height: Epoch, signal: AbortSignal): Promise<Tipset>;
  /**
   * Calls back, without waiting, whenever the head may be another one; the result ends that. A node that cannot is
   * asked now and then.
   */
  readonly onHead?: (listener: () => void) => () => void;
}

/** What the devnet tells of itself while it goes on. */

import type { Address } from '../../chain/address.ts';
import type { BlockHeader } from '../../chain/block-header.ts';
import type { BlockMessage } from '../../chain/block-message.ts';
import type { CID } from '../../chain/encoding/cid.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { Tipset } from '../../chain/tipset.ts';

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

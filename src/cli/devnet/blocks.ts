/** What became of the blocks of a devnet, counted as it tells of them. */

import { toHex } from '../../chain/encoding/bytes.ts';
import type { Tipset } from '../../chain/tipset.ts';
import type { Devnet } from '../../devnet/devnet.ts';

export interface BlockCounts {
  /** Passed every check: by our miners, and by competitors. */
  readonly ours: number;
  readonly rivals: number;
  /** Did not, by the node's reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly reorgs: number;
  readonly equivocations: number;
  readonly messages: number;
}

/** A tipset that grows by a block is no other chain. */
function holds(tipset: Tipset, other: Tipset): boolean {
  return other.key.every((cid) => tipset.key.some((held) => held.equals(cid)));
}

/** Counts from now on; the result gives the counts of the moment. */
export function countBlocks(devnet: Devnet): () => BlockCounts {
  const counts = { ours: 0, rivals: 0, reorgs: 0, equivocations: 0, messages: 0 };
  const rejected: Record<string, number> = {};
  const sent = new Map<string, number>();
  devnet.on((event) => {
    switch (event.type) {
      case 'submitted':
        sent.set(toHex(event.cid.bytes), event.block.blsMessages.length + event.block.secpkMessages.length);
        return;
      case 'accepted':
        counts[event.from === 'node' ? 'ours' : 'rivals']++;
        counts.messages += sent.get(toHex(event.cid.bytes)) ?? 0;
        sent.delete(toHex(event.cid.bytes));
        return;
      case 'rejected':
        rejected[event.reason] = (rejected[event.reason] ?? 0) + 1;
        sent.delete(toHex(event.cid.bytes));
        return;
      case 'head':
        if (event.reverted.some((tipset) => !event.applied.some((other) => holds(other, tipset)))) counts.reorgs++;
        return;
      case 'equivocation':
        counts.equivocations++;
    }
  });
  return () => ({ ...counts, rejected: { ...rejected } });
}

/**
 * The three ways in which two blocks of one miner are a punishable fault (protocol.md 2.14; lotus chain/gen/slashfilter/slashfilter.go:30-97).
 * Pure: given what the miner's own earlier blocks were, says whether another may go out.
 */

import type { CID } from '../chain/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type TipsetKey, tipsetKeyText } from '../chain/tipset.ts';

/** A block of ours, as the filter remembers it. */
export interface OwnBlock {
  readonly cid: CID;
  readonly epoch: Epoch;
  readonly parents: TipsetKey;
}

export type SlashFault = 'double-fork' | 'time-offset' | 'parent-grinding';

export type SlashVerdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fault'; readonly fault: SlashFault; readonly witness: CID; readonly why: string };

/** What the miner bound before; each look-up is of this one miner. */
export interface OwnBlocks {
  atEpoch(epoch: Epoch): OwnBlock | undefined;
  onParents(parents: TipsetKey): OwnBlock | undefined;
}

const PASS: SlashVerdict = { verdict: 'pass' };

/** The same CID passes however often; `baseHeight` is the height of the tipset the block stands on. */
export function checkSlashFilter(own: OwnBlocks, block: OwnBlock, baseHeight: Epoch): SlashVerdict {
  const sameEpoch = own.atEpoch(block.epoch);
  if (sameEpoch !== undefined && !sameEpoch.cid.equals(block.cid)) {
    return fault('double-fork', sameEpoch, `epoch ${block.epoch} already has ${sameEpoch.cid} on ${tipsetKeyText(sameEpoch.parents)}; refused ${block.cid}`);
  }
  const sameParents = own.onParents(block.parents);
  if (sameParents !== undefined && !sameParents.cid.equals(block.cid)) {
    return fault(
      'time-offset',
      sameParents,
      `${sameParents.cid} of epoch ${sameParents.epoch} already stands on the same parents; refused ${block.cid} of epoch ${block.epoch}`,
    );
  }
  const atBase = own.atEpoch(baseHeight);
  if (atBase !== undefined && !block.parents.some((parent) => parent.equals(atBase.cid))) {
    return fault(
      'parent-grinding',
      atBase,
      `our own ${atBase.cid} of epoch ${baseHeight} is not among the parents ${tipsetKeyText(block.parents)} of ${block.cid}`,
    );
  }
  return PASS;
}

function fault(kind: SlashFault, witness: OwnBlock, why: string): SlashVerdict {
  return { verdict: 'fault', fault: kind, witness: witness.cid, why };
}

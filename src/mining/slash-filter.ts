/**
 * The three ways in which two blocks of one miner are a punishable fault (docs/protocol.md 2.14; lotus
 * chain/gen/slashfilter/slashfilter.go:30-97). Pure: given what the miner's own earlier blocks were, says whether
 * another may go out.
 */

import type { CID } from '../chain/encoding/cid.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type TipsetKey, tipsetKeyText } from '../chain/tipset.ts';
import type { SlashFault } from '../consensus/slash-fault.ts';

/** A block of ours, as the filter remembers it. */
export interface OwnBlock {
  readonly cid: CID;
  readonly epoch: Epoch;
  readonly parents: TipsetKey;
}

export type SlashVerdict =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fault'; readonly fault: SlashFault; readonly witness: CID; readonly why: string };

/** What the miner bound before; each look-up is of this one miner. */
export interface OwnBlocks {
  atEpoch(epoch: Epoch): OwnBlock | undefined;
  onParents(parents: TipsetKey): OwnBlock | undefined;
  /** One of a later epoch, where that is looked for: Lotus does not, for it mines in order. */
  after?(epoch: Epoch): OwnBlock | undefined;
}

const PASS: SlashVerdict = { verdict: 'pass' };

/**
 * The fault is the same whichever of the two blocks comes first, so that an epoch is refused when a later one is bound:
 * clocks may be set back, and instances differ. The same CID passes however often; `baseHeight` is the height of the
 * tipset the block stands on.
 */
export function checkSlashFilter(own: OwnBlocks, block: OwnBlock, baseHeight: Epoch): SlashVerdict {
  const sameEpoch = own.atEpoch(block.epoch);
  if (sameEpoch !== undefined && !sameEpoch.cid.equals(block.cid)) {
    return fault('double-fork', sameEpoch, `epoch ${block.epoch} already has ${sameEpoch.cid} on ${tipsetKeyText(sameEpoch.parents)}; refused ${block.cid}`);
  }
  const later = sameEpoch === undefined ? own.after?.(block.epoch) : undefined;
  if (later !== undefined) {
    return fault('parent-grinding', later, `our own ${later.cid} of epoch ${later.epoch} is out and leaves out ${block.cid} of epoch ${block.epoch}`);
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

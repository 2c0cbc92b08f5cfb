/**
 * Faults that blocks prove against their miner, as the miner actor takes them (docs/protocol.md 2.14; lotus
 * chain/vm/syscalls.go `VerifyConsensusFault`). Pure.
 */

import type { Epoch } from '../../chain/epoch.ts';
import type { SlashFault } from '../slash-fault.ts';

/** A block as far as a fault needs it. */
export interface SeenBlock {
  readonly cid: string;
  readonly epoch: Epoch;
  /** `f01000`. */
  readonly miner: string;
  readonly parents: readonly string[];
  /** Whether its signature is the miner's; `null` where that could not be asked. */
  readonly isSigned: boolean | null;
  /** Of a head tipset: nothing stands on it that would say what it is worth. */
  readonly isHead?: true;
}

export interface ConsensusFault {
  readonly fault: SlashFault;
  readonly miner: string;
  /** Of the later block. */
  readonly epoch: Epoch;
  /** The earlier, the later, and for parent-grinding the sibling of the earlier one that the later one stands on. */
  readonly blocks: readonly string[];
  /** Whether both signatures are known to be the miner's: anybody can write another's name on a block. */
  readonly isSigned: boolean;
  /** Both are in one head tipset, which is therefore none: a tipset has one block a miner (docs/protocol.md 2.9). */
  readonly isInHead?: true;
}

/**
 * Each block is held against the first one it is at fault with, so that many are not a square of them. Blocks signed by
 * somebody else prove nothing.
 */
export function faultsAmong(seen: readonly SeenBlock[]): readonly ConsensusFault[] {
  const blocks = [...new Map(seen.map((block) => [block.cid, block])).values()].filter(({ isSigned }) => isSigned !== false);
  const known: SeenIndex = { byCid: new Map(blocks.map((block) => [block.cid, block])), byPlace: new Map() };
  for (const block of blocks) for (const place of placesOf(block)) known.byPlace.set(place, [...(known.byPlace.get(place) ?? []), block].slice(0, KEPT));
  return blocks.flatMap((block) => [doubleFork(known, block), timeOffset(known, block), parentGrinding(known, block)].filter((fault) => fault !== null));
}

interface SeenIndex {
  readonly byCid: ReadonlyMap<string, SeenBlock>;
  readonly byPlace: Map<string, readonly SeenBlock[]>;
}

/** Of the blocks of one place as many as it takes to hold another against. */
const KEPT = 8;

const atEpoch = (miner: string, epoch: Epoch): string => `epoch ${miner} ${epoch}`;
const onParents = (miner: string, parents: readonly string[]): string => `parents ${miner} ${parents.join()}`;

const inHead = ({ miner, epoch, parents }: SeenBlock): string => `head ${miner} ${epoch} ${parents.join()}`;

function placesOf(block: SeenBlock): readonly string[] {
  const { miner, epoch, parents, isHead } = block;
  return [atEpoch(miner, epoch), onParents(miner, parents), ...(isHead ? [inHead(block)] : [])];
}

/** Against the one in its own head tipset first: that one says more. */
function doubleFork({ byPlace }: SeenIndex, block: SeenBlock): ConsensusFault | null {
  const [twin] = block.isHead ? (byPlace.get(inHead(block)) ?? []) : [];
  if (twin !== undefined && twin !== block) return { ...faultOf('double-fork', twin, block), isInHead: true };
  const [first] = byPlace.get(atEpoch(block.miner, block.epoch)) ?? [];
  return first === undefined || first === block ? null : faultOf('double-fork', first, block);
}

function timeOffset({ byPlace }: SeenIndex, block: SeenBlock): ConsensusFault | null {
  const earlier = byPlace.get(onParents(block.miner, block.parents))?.find(({ epoch }) => epoch < block.epoch);
  return earlier === undefined ? null : faultOf('time-offset', earlier, block);
}

/** It stands on a sibling of its miner's own block, and leaves that one out. */
function parentGrinding({ byCid, byPlace }: SeenIndex, block: SeenBlock): ConsensusFault | null {
  for (const parent of block.parents) {
    const sibling = byCid.get(parent);
    if (sibling === undefined || sibling.epoch >= block.epoch) continue;
    const own = byPlace.get(onParents(block.miner, sibling.parents))?.find(({ cid, epoch }) => epoch === sibling.epoch && !block.parents.includes(cid));
    if (own !== undefined) return faultOf('parent-grinding', own, block, sibling);
  }
  return null;
}

function faultOf(fault: SlashFault, earlier: SeenBlock, later: SeenBlock, ...witnesses: readonly SeenBlock[]): ConsensusFault {
  const isSigned = earlier.isSigned === true && later.isSigned === true;
  return { fault, miner: later.miner, epoch: later.epoch, blocks: [earlier, later, ...witnesses].map(({ cid }) => cid), isSigned };
}

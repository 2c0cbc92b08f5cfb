/**
 * What became of a mined block, from the records of its fate: on the chain, or why not, with both tipsets; told before
 * it is final too (docs/commands.md, «orphaned»).
 */

import { type CID, decodeCid } from '../chain/encoding/cid.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { answered } from '../mining/effects.ts';
import { holdsBlock, type OrphanReason, orphanReason, type Standing } from '../mining/orphan.ts';
import type { Failure } from '../mining/outcome.ts';
import type { Head, RoundConfig } from '../mining/round.ts';
import { deadlinesOf } from '../mining/round.ts';
import type { EpochStory } from './epoch-story.ts';
import { secs, times } from './figures.ts';
import { type ObservedBlock, observedFate } from './observed-fate.ts';

interface Own {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly base: Head;
  readonly cid: Uint8Array;
  readonly sentAt: number | null;
}

type Fate =
  | { readonly fate: 'included' }
  | { readonly fate: 'orphaned'; readonly why: OrphanReason; readonly instead: Standing }
  | { readonly fate: 'unknown'; readonly failure: Failure };

const ADVICE: Readonly<Record<OrphanReason, string>> = {
  'late-broadcast': 'see above where the time went: a block has to be out when its epoch begins.',
  'base-differs': 'see why the node had another head when the base was taken: its peers, its sync, blocks that reach it late.',
  'lighter-tipset': 'nothing: the chain went another way, as it may until it is final. When it happens often, see how many peers the node has.',
  equivocation: 'make sure that only one miner runs with this address: two blocks in one epoch are slashed.',
  'not-seen': "see to the node's peers: it took the block, and those who mined next did not have it.",
};

const BLOCK_CID_LENGTH = 38;

export interface FateStory {
  /** `orphaned (not-seen)`; `null` while nothing is known. */
  readonly title: string | null;
  readonly lines: readonly string[];
  /** Why it is an orphan, and what to do about it. */
  readonly why: OrphanReason | null;
  readonly advice: string | null;
}

/** Of no records: nothing. */
export function fateStory(records: readonly JournalRecord[]): FateStory {
  const [start] = records;
  if (start?.input.type !== 'start') return told(null);
  const own = start.input.input as unknown as Own;
  const early = records.flatMap(({ input }) =>
    input.type === 'result' && input.ok && input.id === 'lookEarly' ? [answered('getTipset', input.value)] : [],
  )[0];
  const final = (records.at(-1)?.outcome ?? null) as unknown as Fate | null;
  if (final?.fate === 'unknown')
    return told(
      'fate unknown',
      `Whether it is on the chain for good could not be found out: ${final.failure.code}: ${final.failure.message}.${early === undefined ? '' : ` Five epochs on it was ${holdsBlock(early, own.cid) ? '' : 'not '}there.`}`,
    );
  if (final?.fate === 'included') return told('included', 'It stands on the chain, and there it stays: 900 epochs on that is final.');
  if (final?.fate === 'orphaned') return orphaned(own, final.why, final.instead, 'It is not on the chain');
  if (early === undefined) return told(null, 'Whether it stays on the chain is looked at 5 epochs on, and again 900 epochs on, when it is final.');
  if (!holdsBlock(early, own.cid)) return orphaned(own, reasonOf(own, early), early, 'Five epochs on it was not on the chain');
  const among = early.blocks.length === 1 ? 'alone' : `one of ${early.blocks.length}`;
  return told(
    'on the chain so far',
    `Five epochs on it stood on the chain, ${among} at its epoch; it is looked at once more 900 epochs on, when that is final.`,
  );
}

/** Of an epoch that was observed: what the chain has in the place of its block. */
export function observedStory({ miner, epoch, config, base, outcome }: EpochStory, seen: ObservedBlock): FateStory {
  if (outcome?.outcome !== 'observed' || base === null)
    return told('and its block is on the chain', 'The chain has a block of this miner here, which was not found: another key, or another base, made it.');
  const fate = observedFate(seen, base);
  if (fate.chain === 'same')
    return told('on the chain', 'The chain has this block, with the same parents, ticket, election proof, beacon entries and win count.');
  if (fate.chain === 'differs')
    return told('another on the chain', `The chain has another block of this miner here: it differs in ${seen.differs.join(', ')}.`);
  const { why } = fate;
  const own: Own = { miner, epoch, config, base, cid: new Uint8Array(0), sentAt: null };
  const where =
    why === 'base-differs'
      ? said(own, why, seen.standing).replace(/^it stood/, 'it would have stood')
      : 'the chain went on from the same base, and no block of this miner is there.';
  return { title: `not on the chain (${why})`, lines: [`It is not on the chain: ${where}`, insteadText(own, seen.standing)], why, advice: null };
}

function told(title: string | null, ...lines: readonly string[]): FateStory {
  return { title, lines, why: null, advice: null };
}

function reasonOf(own: Own, standing: Standing): OrphanReason {
  return orphanReason({ ...own, wasLate: lateBy(own) > 0, wasThere: false }, standing);
}

function orphaned(own: Own, why: OrphanReason, instead: Standing, where: string): FateStory {
  return { title: `orphaned (${why})`, lines: [`${where}: ${said(own, why, instead)}`, insteadText(own, instead)], why, advice: ADVICE[why] };
}

function said(own: Own, why: OrphanReason, instead: Standing): string {
  switch (why) {
    case 'late-broadcast':
      return `it went out ${secs(lateBy(own))} after the next epoch's miners had their base.`;
    case 'base-differs':
      return `it stood on ${blocksText(own.base.blocks.map(({ cid }) => decodeCid(cid)))} of epoch ${own.base.height}, and the chain went on from ${otherBase(own, instead)}.`;
    case 'lighter-tipset':
      return 'it stood there five epochs on, and then a heavier chain took its place.';
    case 'equivocation':
      return 'another block of the same miner stands in its place.';
    case 'not-seen':
      return 'it went out in time, on the base that the chain went on from, and nobody built on it.';
  }
}

function otherBase({ epoch }: Own, { height, parents, blocks }: Standing): string {
  return height === epoch ? blocksText(cidsIn(parents)) : `${blocksText(blocks.map(({ cid }) => decodeCid(cid)))} of epoch ${height}`;
}

function insteadText({ epoch }: Own, { height, blocks }: Standing): string {
  if (height < epoch) return `Epoch ${epoch} is a null round there: the chain goes on from epoch ${height}.`;
  const whose = blocks.map(({ cid, miner }) => `${decodeCid(cid)} of ${miner}`);
  return `At epoch ${epoch} there stands instead: ${whose.join(', ')}.`;
}

function blocksText(cids: readonly CID[]): string {
  return `${times(cids.length, 'block')} {${cids.join(', ')}}`;
}

/** Of blocks, which lie one after another. */
function cidsIn(bytes: Uint8Array): readonly CID[] {
  return Array.from({ length: bytes.length / BLOCK_CID_LENGTH }, (_, i) => decodeCid(bytes.slice(i * BLOCK_CID_LENGTH, (i + 1) * BLOCK_CID_LENGTH)));
}

/** Milliseconds after the give-up. */
function lateBy({ config, epoch, sentAt }: Own): number {
  return sentAt === null ? 0 : sentAt - deadlinesOf(config, epoch).giveUp;
}

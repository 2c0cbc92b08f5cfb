/**
 * Which head a node had at a time, as far as a journal tells: from the answers to «which is the head», and from the
 * late heads that were news.
 */

import { effectKeyText } from '../journal/format/input.ts';
import type { JournalRecord } from '../journal/format/record.ts';
import { placeOf } from '../mining/base.ts';
import { answered } from '../mining/effects.ts';
import { type Head, type RoundConfig, recordedHead } from '../mining/round.ts';

/** It was the head from then to then, in milliseconds since 1970. */
export interface SeenHead {
  readonly head: Head;
  readonly from: number;
  readonly to: number;
}

/** Of records of any streams, in any order. */
export function seenHeads(records: readonly JournalRecord[]): readonly SeenHead[] {
  const asked = new Set(
    records.flatMap(({ seq, steps }) =>
      steps.flatMap(({ effects }) => effects.filter(({ name }) => name === 'getHead').map(({ n }) => effectKeyText([seq, n]))),
    ),
  );
  const found = records.flatMap(({ input, at }): readonly SeenHead[] => {
    if (input.type === 'seen' && input.what === 'head') return [{ head: recordedHead(input.value), from: at, to: at }];
    if (input.type !== 'result' || !input.ok || !asked.has(effectKeyText(input.key))) return [];
    const head = answered('getHead', input.value);
    return [{ head, from: Math.min(head.since ?? at, at), to: at }];
  });
  return [...found].sort((a, b) => a.to - b.to);
}

/** `null` where the journal does not tell. */
export function headAt(heads: readonly SeenHead[], at: number, config: RoundConfig): Head | null {
  const seen = heads.find(({ from, to }) => at >= from && at <= to);
  if (seen !== undefined) return seen.head;
  const before = heads.findLast(({ to }) => to < at);
  const after = heads.find(({ from }) => from > at);
  if (before === undefined) return null;
  if (after !== undefined && placeOf(before.head, after.head) === 'same') return before.head;
  return before.to >= quietFrom(config, at) && at >= quietFrom(config, at) ? before.head : null;
}

/** From a propagation delay into an epoch until it ends each new head is news, and written down. */
function quietFrom({ genesisTimestamp, blockDelaySecs, propagationDelaySecs }: RoundConfig, at: number): number {
  const genesis = Number(genesisTimestamp) * 1000;
  const blockMs = blockDelaySecs * 1000;
  return genesis + Math.floor((at - genesis) / blockMs) * blockMs + propagationDelaySecs * 1000;
}

/** Replay: every recorded input folded again through the machines, every step held against what was written (architecture.md 6 «Replay»). Needs no node, no keys, no clock. */

import { equalBytes } from '../chain/bytes.ts';
import type { StoredRecord } from '../journal/journal.ts';
import type { Input, JournalRecord, Step } from '../journal/record.ts';
import { encodeValue, type SharedValues, type Value } from '../journal/value.ts';
import type { Machine } from './machine.ts';
import { type Actors, takeTurn } from './turn.ts';

/** Where a replay first differs, both sides as they are. */
export interface Divergence {
  readonly seq: number;
  readonly stream: string;
  readonly what: string;
  readonly recorded: string;
  readonly recomputed: string;
}

export interface ReplayReport {
  readonly records: number;
  readonly steps: number;
  readonly divergence: Divergence | null;
}

/** Stops at the first divergence. */
export async function replay(records: AsyncIterable<StoredRecord>, machines: ReadonlyMap<string, Machine>, shared: SharedValues): Promise<ReplayReport> {
  const live = new Map<string, Actors>();
  const count = { records: 0, steps: 0 };
  for await (const { record } of records) {
    count.records++;
    count.steps += record.steps.length;
    const divergence = replayRecord(record, live, machines, shared);
    if (divergence !== null) return { ...count, divergence };
  }
  return { ...count, divergence: null };
}

function replayRecord(record: JournalRecord, live: Map<string, Actors>, machines: ReadonlyMap<string, Machine>, shared: SharedValues): Divergence | null {
  const { input, stream, seq } = record;
  if (input.type === 'abandoned') live.delete(stream);
  if (input.type !== 'start' && input.type !== 'result') return null;
  const verdicts = new Map(record.binds.map(({ n, verdict }) => [n, verdict]));
  const differs = (what: string, recorded: unknown, recomputed: unknown): Divergence => ({ seq, stream, what, recorded: String(recorded), recomputed: String(recomputed) });
  try {
    const turn = takeTurn(live.get(stream) ?? new Map(), input as Extract<Input, { readonly type: 'start' | 'result' }>, {
      stream,
      seq,
      machines,
      shared,
      bind: (n) => verdicts.get(n) ?? { verdict: 'unknown' },
    });
    if (turn === null) return differs('input', 'a result that was waited for', 'nobody waits for it');
    if (turn.outcome === undefined) live.set(stream, turn.actors);
    else live.delete(stream);
    return compareSteps(record.steps, turn.steps, shared, differs) ?? compareValues('outcome', record.outcome, turn.outcome ?? null, shared, differs);
  } catch (error) {
    return differs('turn', 'a step', `an error: ${(error as Error).message}`);
  }
}

function compareSteps(recorded: readonly Step[], recomputed: readonly Step[], shared: SharedValues, differs: (what: string, a: unknown, b: unknown) => Divergence): Divergence | null {
  for (let i = 0; i < Math.max(recorded.length, recomputed.length); i++) {
    const [a, b] = [recorded[i], recomputed[i]];
    if (a === undefined || b === undefined) return differs(`step ${i}`, stepText(a), stepText(b));
    if (stepText(a) !== stepText(b)) return differs(`step ${i}`, stepText(a), stepText(b));
    const effects = compareValues(`effects of step ${i}`, effectsOf(a), effectsOf(b), shared, differs);
    if (effects !== null) return effects;
    if (!equalBytes(a.digest, b.digest)) return differs(`state after step ${i} (${stepText(a)})`, hex(a.digest), hex(b.digest));
  }
  return null;
}

function compareValues(what: string, recorded: Value, recomputed: Value, shared: SharedValues, differs: (what: string, a: unknown, b: unknown) => Divergence): Divergence | null {
  if (equalBytes(encodeValue(recorded, shared), encodeValue(recomputed, shared))) return null;
  return differs(what, valueText(recorded), valueText(recomputed));
}

function effectsOf({ effects }: Step): Value {
  return effects.map(({ n, name, input }) => [n, name, input]);
}

function stepText(step: Step | undefined): string {
  return step === undefined ? 'no step' : `${step.actor === '' ? 'the stream itself' : step.actor}: ${step.from ?? 'start'} -> ${step.to}`;
}

/** A value for people: bytes in hexadecimal, bigints in decimal. */
export function valueText(value: Value): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner instanceof Uint8Array ? hex(inner) : inner)) ?? 'nothing';
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A journal record: one external input with all that it led to, as strict CBOR in a hash chain (docs/architecture.md
 * 6). Bytes once written are never written again.
 */

import { DecodeError } from '../../errors/mineone-error.ts';
import type { Input } from './input.ts';
import { backField, backOf, inputFields, inputOf, keptStreamFields, streamOf } from './record-fields.ts';
import { sha256 } from './sha256.ts';
import { decodeValue, encodeValue, type SharedValues, type Value } from './value.ts';

export type { Checkpoint, EffectKey, Input, WentOn } from './input.ts';

export const RECORD_VERSION = 1;

/** An effect asked for by a step. */
export interface EffectAsked {
  readonly n: number;
  readonly name: string;
  readonly input: Value;
}

/** One transition of one actor. */
export interface Step {
  /** Path below the record's stream: empty for the stream's own actor, `election` for its step. */
  readonly actor: string;
  /** State before and after, as text: `asking.head`; `null` before an actor's first. */
  readonly from: string | null;
  readonly to: string;
  readonly effects: readonly EffectAsked[];
  /** Of status, value, context, output and open keys: the first 8 bytes of their SHA-256. */
  readonly digest: Uint8Array;
}

/** A bind that a step asked for and the verdict it got in the same turn. */
export interface BindMade {
  readonly n: number;
  readonly verdict: Value;
}

export interface JournalRecord {
  readonly v: typeof RECORD_VERSION;
  readonly seq: number;
  /** SHA-256 of the record before this one in the journal; zeros before the first. */
  readonly prev: Uint8Array;
  /** SHA-256 of this stream's record before this one; `null` for its first. */
  readonly back: Uint8Array | null;
  /** Milliseconds since 1970 by the chain's clock; no fold reads it. */
  readonly at: number;
  /** `network`, `f01000`, `f01000/4211337`, `f01000/4211337/fate`. */
  readonly stream: string;
  readonly input: Input;
  readonly steps: readonly Step[];
  readonly binds: readonly BindMade[];
  /** What the stream's own actor ended with; `null` while it goes on. */
  readonly outcome: Value;
}

export function encodeRecord(record: JournalRecord, shared?: SharedValues): Uint8Array {
  const { v, seq, prev, back, at, stream, input, steps, binds, outcome } = record;
  const rows = steps.map(({ actor, from, to, effects, digest }) => [actor, from, to, effects.map(({ n, name, input: asked }) => [n, name, asked]), digest]);
  const made = binds.map(({ n, verdict }) => [n, verdict]);
  return encodeValue([v, seq, prev, backField(back, prev), at, keptStreamFields(stream), inputFields(input), rows, made, outcome], shared);
}

/** Throws `DecodeError`; `JOURNAL_VERSION` for a record of a later version. */
export function decodeRecord(bytes: Uint8Array, shared?: SharedValues): JournalRecord {
  const fields = decodeValue(bytes, shared);
  if (!Array.isArray(fields) || fields.length !== 10) throw new DecodeError('JOURNAL_RECORD', 'expected a record of 10 fields');
  const [v, seq, prev, back, at, stream, input, steps, binds, outcome] = fields as readonly Value[];
  if (v !== RECORD_VERSION)
    throw new DecodeError('JOURNAL_VERSION', `expected a record of version ${RECORD_VERSION}, got ${String(v)}; a later MineOne wrote it`);
  return {
    v,
    seq: seq as number,
    prev: prev as Uint8Array,
    back: backOf(back as Value, prev as Uint8Array),
    at: at as number,
    stream: streamOf(stream as Value),
    input: inputOf(input as Value),
    steps: (steps as readonly Value[]).map(stepOf),
    binds: (binds as readonly (readonly [number, Value])[]).map(([n, verdict]) => ({ n, verdict })),
    outcome: outcome as Value,
  };
}

function stepOf(row: Value): Step {
  const [actor, from, to, effects, digest] = row as readonly [string, string | null, string, readonly (readonly [number, string, Value])[], Uint8Array];
  return { actor, from, to, effects: effects.map(([n, name, input]) => ({ n, name, input })), digest };
}

/** SHA-256 of a record's bytes: what the next one names as its `prev`. */
export function recordHash(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

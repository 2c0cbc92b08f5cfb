/**
 * How a record's fields are written short: an input without the names of its fields, a stream by its numbers, and what
 * is said twice once. Each has one form alone.
 */

import { equalBytes } from '../../chain/encoding/bytes.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import type { Input } from './input.ts';
import type { Value } from './value.ts';

/** Fields of each input, in the order they are written. Part of the form of a record: an order is for ever. */
const FIELDS: { readonly [T in Input['type']]: readonly Exclude<keyof Extract<Input, { readonly type: T }>, 'type'>[] } = {
  opened: ['machines', 'versions', 'network'],
  miner: ['command'],
  start: ['machine', 'input'],
  result: ['actor', 'id', 'key', 'ok', 'value'],
  seen: ['what', 'value'],
  poison: ['message', 'input'],
  abandoned: ['why'],
  checkpoint: ['checkpoint'],
};

/**
 * Fields at the end that later forms of an input added: a record without them is as it was written, and is written so
 * again.
 */
const ADDED: { readonly [T in Input['type']]?: number } = { opened: 1 };

export function inputFields(input: Input): Value {
  const fields = input as unknown as { readonly [field: string]: Value | undefined };
  const values = FIELDS[input.type].map((field) => fields[field]);
  while (values.length > fewestFields(input.type) && values.at(-1) === undefined) values.pop();
  return [input.type, ...(values as Value[])];
}

function fewestFields(type: Input['type']): number {
  return FIELDS[type].length - (ADDED[type] ?? 0);
}

/** Throws `JOURNAL_RECORD`. */
export function inputOf(written: Value): Input {
  const [type, ...values] = Array.isArray(written) ? (written as readonly Value[]) : [];
  const names: readonly string[] | undefined = typeof type === 'string' && Object.hasOwn(FIELDS, type) ? FIELDS[type as Input['type']] : undefined;
  if (names === undefined || values.length > names.length || values.length < fewestFields(type as Input['type']))
    throw new DecodeError('JOURNAL_RECORD', `${String(type)} with ${values.length} fields is no input`);
  return Object.fromEntries([['type', type], ...values.map((value, i) => [names[i], value])]) as unknown as Input;
}

const OF_EPOCH = /^f0(0|[1-9]\d*)\/(0|[1-9]\d*)(?:\/(.+))?$/s;

/** Streams that records are being written of, with their fields. */
const written = new Map<string, Value>();
const WRITTEN_MAX = 1024;

/** {@link streamFields}, worked out once. */
export function keptStreamFields(stream: string): Value {
  const known = written.get(stream);
  if (known !== undefined) return known;
  if (written.size >= WRITTEN_MAX) written.clear();
  const fields = streamFields(stream);
  written.set(stream, fields);
  return fields;
}

/** `f01000/4211337/fate` as `[1000, 4211337, 'fate']`; a name that is not below a miner as it is. */
export function streamFields(stream: string): Value {
  const [, miner, epoch, below] = OF_EPOCH.exec(stream) ?? [];
  if (!Number.isSafeInteger(Number(miner)) || !Number.isSafeInteger(Number(epoch))) return stream;
  return [Number(miner), Number(epoch), ...(below === undefined ? [] : [below])];
}

/** Throws `JOURNAL_RECORD`. */
export function streamOf(written: Value): string {
  const parts = Array.isArray(written) ? (written as readonly Value[]) : null;
  const stream = parts === null ? String(written) : `f0${parts.join('/')}`;
  const again = streamFields(stream);
  const isSame = parts === null ? again === written : Array.isArray(again) && again.length === parts.length && again.every((part, i) => part === parts[i]);
  if (!isSame) throw new DecodeError('JOURNAL_RECORD', `${stream} is another stream than it says`);
  return stream;
}

/** `true`: the record before this one is that of its stream too. */
export function backField(back: Uint8Array | null, prev: Uint8Array): Value {
  return back !== null && equalBytes(back, prev) ? true : back;
}

/** Throws `JOURNAL_RECORD`. */
export function backOf(written: Value, prev: Uint8Array): Uint8Array | null {
  if (written === true) return prev;
  if (written === null) return null;
  if (!(written instanceof Uint8Array) || equalBytes(written, prev))
    throw new DecodeError('JOURNAL_RECORD', 'expected the hash of a record that is not the one before');
  return written;
}

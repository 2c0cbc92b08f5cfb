/**
 * What is stepped is what a replay will read: an input is written and read again before anybody sees it
 * (docs/architecture.md 3).
 */

import type { Input } from '../format/input.ts';
import { asValue, decodeValue, encodeValue, KEPT_MIN, type Value } from '../format/value.ts';
import type { SharedStore } from './shared-values.ts';

/** Levels that a record and the states of machines may put around a value: what is settled fits into all of them. */
const AROUND = 16;

/**
 * A value with its long byte strings beside it, and decoded again. Its bytes are kept for the record and the states
 * that it enters. Throws `VALUE_REFUSED`.
 */
export function settled(shared: SharedStore, value: Value): Value {
  const bytes = encodeValue(shared.withoutBlobs(value), shared, AROUND);
  const read = decodeValue(bytes, shared);
  if (bytes.length >= KEPT_MIN && typeof read === 'object' && read !== null && !(read instanceof Uint8Array)) shared.written.set(read, bytes);
  return read;
}

/** What it brings, settled. */
export function settledInput<T extends Input>(shared: SharedStore, input: T): T {
  if (input.type === 'result') return { ...input, value: settled(shared, input.value) };
  if (input.type === 'start') return { ...input, input: settled(shared, input.input) };
  return settled(shared, asValue(input)) as unknown as T;
}

/** What calls without options of their own are given, held against what it must be. */

import { type OptionCheck, optionCheck } from '../errors/option.ts';
import type { OptionRule } from '../errors/strict.ts';
import { optional } from '../errors/strict.ts';
import { formatAddress, PROTOCOL_ID, parseAddress } from './address.ts';

/** Of an argument that is none, where the call has no code of its own. */
export const CALL_ARGUMENT = 'CALL_ARGUMENT';

/** Checks of one call's arguments, which throw `CALL_ARGUMENT`. */
export function argumentCheck(call: string): OptionCheck {
  return optionCheck(call, CALL_ARGUMENT);
}

/** `f01000` of what names a miner by its id address, `f01000` or `t01000`; `null` of anything else. */
export function minerNameOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  try {
    const address = parseAddress(value);
    return address.protocol === PROTOCOL_ID ? formatAddress(address) : null;
  } catch {
    return null;
  }
}

export const ID_ADDRESS = 'an id address, such as f01000';

/** A folder's or a file's. */
export function isPath(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

export function isListOf<T>(value: unknown, isGood: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isGood);
}

/** Of a switch. */
export function switchRule(): OptionRule<false> {
  return optional('true or false', (value) => typeof value === 'boolean');
}

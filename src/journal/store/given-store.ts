/** What is given as a store, by its calls (src/ports/store.ts). */

import { hasMethods, optionCheck } from '../../errors/option.ts';
import type { Store } from '../../ports/store.ts';

const CALLS = Object.keys({
  get: true,
  write: true,
  range: true,
  last: true,
  compact: true,
  anchor: true,
  setAnchor: true,
  checkPlace: true,
  close: true,
} satisfies Readonly<Record<keyof Store, true>>);

export function isStore(value: unknown): value is Store {
  return hasMethods(value, ...CALLS);
}

/** Throws `code` for what is none. */
export function checkStore(call: string, code: string, argument: string, value: unknown): asserts value is Store {
  optionCheck(call, code)(argument, value, 'an open store (mineone/ports/store)', isStore(value));
}

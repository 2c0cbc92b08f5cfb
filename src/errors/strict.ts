/**
 * An object of options read strictly, once for every call that takes one: each key is one that there is, each value
 * what it must be. An option that is misspelled and passed over would leave somebody with what they did not ask for,
 * and nothing said.
 */

import { MineOneError } from './mineone-error.ts';
import { nearest } from './nearest.ts';
import { optionCheck } from './option.ts';

/** `expected` is a noun: `a whole number of at least 0`. */
export interface OptionRule<Needed extends boolean = boolean> {
  readonly expected: string;
  readonly isGood: (value: unknown) => boolean;
  readonly isNeeded: Needed;
}

/** A rule for each key of `T`, needed where the type says so. */
export type OptionRules<T> = { readonly [K in keyof T]-?: OptionRule<object extends Pick<T, K> ? false : true> };

export function needed(expected: string, isGood: (value: unknown) => boolean): OptionRule<true> {
  return { expected, isGood, isNeeded: true };
}

/** May be left out, or be `undefined`. */
export function optional(expected: string, isGood: (value: unknown) => boolean): OptionRule<false> {
  return { expected, isGood, isNeeded: false };
}

/** Throws `code` naming the call and the option; `place` is where the object stands in others: `rivals[0]`. */
export function checkOptions<T extends object>(call: string, code: string, options: unknown, rules: OptionRules<T>, place = ''): asserts options is T {
  const check = optionCheck(call, code);
  const known = Object.entries<OptionRule>(rules);
  const names = known.map(([name]) => name);
  check(
    place === '' ? 'options' : place,
    options,
    `an object with ${names.join(', ')}`,
    typeof options === 'object' && options !== null && !Array.isArray(options),
  );
  const at = (name: string): string => (place === '' ? name : `${place}.${name}`);
  for (const name of Object.keys(options as object)) {
    if (!names.includes(name)) throw new MineOneError(code, `${call}: there is no option ${at(name)}; did you mean ${at(nearest(name, names))}?`);
  }
  for (const [name, { expected, isGood, isNeeded }] of known) {
    const value: unknown = Reflect.get(options as object, name);
    if (value !== undefined || isNeeded) check(at(name), value, expected, isGood(value));
  }
}

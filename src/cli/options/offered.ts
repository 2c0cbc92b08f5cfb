/**
 * Values that an option is known to take, for completion: said where the option is made, so that the shell needs no
 * command that was not asked for.
 */

import type { Option } from 'commander';

const offered = new WeakMap<Option, readonly string[]>();

/** @returns the option. */
export function offering(option: Option, values: readonly string[]): Option {
  offered.set(option, values);
  return option;
}

/** `undefined` of an option whose values nobody can list. */
export function valuesOf(option: Option): readonly string[] | undefined {
  return offered.get(option);
}

/**
 * Options of a call from outside, held against what they must be: the error names the call, the option, what was
 * expected and what came.
 */

import { MineOneError } from './mineone-error.ts';

/** Throws unless `isGood`; `expected` is a noun: `a whole number of at least 0`. */
export type OptionCheck = (option: string, value: unknown, expected: string, isGood: boolean) => void;

/** Checks of one call's options, which throw this code. */
export function optionCheck(call: string, code: string): OptionCheck {
  return (option, value, expected, isGood) => {
    if (!isGood) throw new MineOneError(code, `${call}: ${option}: expected ${expected}, got ${shown(value)}`);
  };
}

/** A safe integer of at least `least`. */
export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least;
}

/** A finite number of at least `least`. */
export function isAmount(value: unknown, least: number): value is number {
  return Number.isFinite(value) && (value as number) >= least;
}

/** Whether every one of these is a method of it. */
export function hasMethods(value: unknown, ...methods: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && methods.every((method) => typeof Reflect.get(value, method) === 'function');
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
}

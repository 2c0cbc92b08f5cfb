/**
 * The form of what a port answered: each form reads a value of any make and gives it back as plain data of our own, or
 * refuses it. What comes out is a copy: whatever a port does with its answer afterwards, what was looked at is what
 * enters the mailbox.
 */

import { PortError } from '../../errors/port-error.ts';

/** Throws `PORT_ANSWER`; `place` says where in the answer. */
export type Form<T> = (value: unknown, place: string) => T;

/** Names of a port's calls that are answered: what gives a promise. */
export type CallOf<Port> = { [M in keyof Port]-?: NonNullable<Port[M]> extends (...given: never[]) => Promise<unknown> ? M : never }[keyof Port];

export type AnswerOf<Port, M extends keyof Port> = NonNullable<Port[M]> extends (...given: never[]) => Promise<infer Answer> ? Answer : never;

/** A form for every call of a port: one that has none does not compile. */
export type AnswerForms<Port> = { readonly [M in CallOf<Port>]: Form<AnswerOf<Port, M>> };

/** Characters of a text that a port may answer, a message of an error among them. */
export const TEXT_LENGTH_MAX = 4096;

const DESCRIBED_MAX = 60;

export function wrongAnswer(place: string, expected: string, value: unknown): PortError {
  return new PortError('PORT_ANSWER', `${place}: expected ${expected}, got ${described(value)}`, { retryable: false });
}

export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, DESCRIBED_MAX))}`;
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  return typeof value === 'object' && value !== null ? 'an object' : `${typeof value} ${String(value).slice(0, DESCRIBED_MAX)}`;
}

/** Answered by what comes, whatever it is: nothing is made of it. */
export const nothing: Form<void> = () => undefined;

export function bytes(least: number, most: number = least): Form<Uint8Array> {
  return (value, place) => {
    if (!(value instanceof Uint8Array) || value.length < least || value.length > most)
      throw wrongAnswer(place, least === most ? `${least} bytes` : `${least} to ${most} bytes`, value);
    return new Uint8Array(value);
  };
}

export function bigint(least: bigint, most: bigint): Form<bigint> {
  return (value, place) => {
    if (typeof value !== 'bigint' || value < least || value > most) throw wrongAnswer(place, `a bigint from ${least} to ${most}`, value);
    return value;
  };
}

export function integer(least: number, most: number): Form<number> {
  return (value, place) => {
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most || Object.is(value, -0))
      throw wrongAnswer(place, `an integer from ${least} to ${most}`, value);
    return value as number;
  };
}

export const text: Form<string> = (value, place) => {
  if (typeof value !== 'string' || value.length > TEXT_LENGTH_MAX) throw wrongAnswer(place, `a text of at most ${TEXT_LENGTH_MAX} characters`, value);
  return value;
};

export const flag: Form<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw wrongAnswer(place, 'true or false', value);
  return value;
};

export function word<Word extends string>(...words: readonly Word[]): Form<Word> {
  return (value, place) => {
    const found = words.find((known) => known === value);
    if (found === undefined) throw wrongAnswer(place, words.join(' or '), value);
    return found;
  };
}

/** `null` itself; what is missing is not it. */
export function orNull<T>(form: Form<T>): Form<T | null> {
  return (value, place) => (value === null ? null : form(value, place));
}

export function list<T>(form: Form<T>, most: number): Form<readonly T[]> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > most) throw wrongAnswer(place, `a list of at most ${most}`, value);
    return Array.from({ length: value.length }, (_, i) => form(value[i], `${place}[${i}]`));
  };
}

/** A form for every field; other fields are left behind. */
export function fields<T extends object>(forms: { readonly [K in keyof T]-?: Form<T[K]> }): Form<T> {
  const rows = Object.entries(forms) as [key: keyof T, form: Form<T[keyof T]>][];
  return (value, place) => {
    if (typeof value !== 'object' || value === null) throw wrongAnswer(place, `an object of ${Object.keys(forms).join(', ')}`, value);
    const made: Partial<T> = {};
    for (const [key, form] of rows) made[key] = form((value as Partial<T>)[key], `${place}.${String(key)}`);
    return made as T;
  };
}

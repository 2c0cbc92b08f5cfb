/** The table written out: one wrong answer each, of every call of every port, in every way. */

import type { Call, Life, Plan } from './life.ts';
import { CLOCK, FENCE, NODE, PROVER, type Row, type Rows, SIGNER } from './table.ts';
import { wrongForms } from './wrongs.ts';

export interface Case {
  /** `node.head at 10 s: blocks.0.miner: missing` */
  readonly name: string;
  readonly call: string;
  readonly nth: number;
  readonly from: number;
  readonly act: Plan['act'];
  /** Epochs until another one begins calmly. */
  readonly span: number;
}

/** What the call's promise does, whatever it is a promise of. */
const TIMES: readonly { readonly name: string; readonly span: number; readonly act: Plan['act'] }[] = [
  { name: 'never', span: 3, act: ({ signal }, clock) => clock.until(Number.POSITIVE_INFINITY, signal) },
  {
    name: 'late',
    span: 3,
    async act({ signal, right }, clock) {
      await clock.until(clock.now() + 45_000, signal);
      return right();
    },
  },
  { name: 'rejects with nothing', span: 2, act: () => Promise.reject(undefined) },
  { name: 'rejects with a text', span: 2, act: () => Promise.reject('no') },
  { name: 'rejects with fields of other types', span: 2, act: () => Promise.reject({ code: 404, message: {}, retryable: 'yes' }) },
  {
    name: 'throws at once',
    span: 2,
    act() {
      throw new Error('at once');
    },
  },
];

export function casesOf(life: Life): readonly Case[] {
  return [
    ...portCases(life, 'node', NODE),
    ...portCases(life, 'signer', SIGNER),
    ...portCases(life, 'prover', PROVER),
    ...portCases(life, 'fence', FENCE),
    ...portCases(life, 'clock', CLOCK).filter(({ name }) => !name.endsWith('never') && !name.endsWith('late')),
    ...[Number.NaN, -1, Number.POSITIVE_INFINITY, 'soon', null, undefined].map(
      (reading): Case => ({ name: `clock.now: ${String(reading)}`, call: 'clock.now', nth: 1, from: 5, span: 2, act: () => reading }),
    ),
  ];
}

function portCases<Port>(life: Life, port: string, rows: Rows<Port>): readonly Case[] {
  return (Object.entries(rows) as [string, readonly Row<unknown>[]][]).flatMap(([method, list]) =>
    list.flatMap((row) => rowCases(life, `${port}.${method}`, row)),
  );
}

function rowCases(life: Life, call: string, { from, senses, unseen, depth, call: nth = 1 }: Row<unknown>): readonly Case[] {
  const place = `${call} ${nth} from ${from} s`;
  const forms = wrongForms(life.right(call), depth).filter(({ name }) => unseen?.test(name) !== true);
  return [
    ...forms.map(({ name, make }): Case => ({ name: `${place}: ${name}`, call, nth, from, span: 2, act: async ({ right }: Call) => make(await right()) })),
    ...senses.map(
      ({ name, make }): Case => ({
        name: `${place}: ${name}`,
        call,
        nth,
        from,
        span: 2,
        act: async ({ right, other, past }) => make(await right(), { past, other: await other() }),
      }),
    ),
    ...TIMES.map(({ name, span, act }): Case => ({ name: `${place}: ${name}`, call, nth, from, span, act })),
  ];
}

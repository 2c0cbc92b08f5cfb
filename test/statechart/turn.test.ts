/**
 * One turn, on charts of a few states: which result it takes, what it asks anew, what it starts, cancels and binds,
 * what its digest holds (docs/architecture.md 3).
 */

import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, fromPromise, setup } from 'xstate';
import { sharedStore } from '../../src/journal/chain/shared-values.ts';
import type { EffectKey, Input } from '../../src/journal/format/record.ts';
import type { Value } from '../../src/journal/format/value.ts';
import { loadMachine, type Machine } from '../../src/statechart/machine.ts';
import { type ChartActors, type Turn, takeTurn } from '../../src/statechart/turn.ts';

const ask = fromPromise<Value>(async () => null);
/** Final at once: it ends in the turn that starts it. */
const quick = createMachine({ id: 'quick', initial: 'done', states: { done: { type: 'final' } } });
const asking = setup({ actors: { ask } }).createMachine({
  id: 'asking',
  initial: 'a',
  states: { a: { invoke: { id: 'ask', src: 'ask', onDone: 'done' } }, done: { type: 'final' } },
});
const binding = setup({ actors: { bind: ask } }).createMachine({
  id: 'binding',
  initial: 'a',
  states: { a: { invoke: { id: 'bind', src: 'bind', onDone: 'done' } }, done: { type: 'final' } },
});
const pairing = setup({ actors: { asking } }).createMachine({
  id: 'pairing',
  initial: 'a',
  states: { a: { invoke: { id: 'inner', src: 'asking', onDone: 'done' } }, done: { type: 'final' } },
});
const house = setup({ actors: { ask, bind: ask, quick, asking, binding, pairing } });

type Invoked = readonly { readonly id: string; readonly src: 'ask' | 'bind' | 'quick' | 'asking' | 'binding' | 'pairing'; readonly to?: 'a' | 'b' | 'done' }[];

/** Its first state invokes these, and is left, or entered anew, by what they are done with; its second asks `next`. */
function machineOf(invoked: Invoked): Machine {
  const invoke = invoked.map(({ id, src, to }) => ({ id, src, ...(to === undefined ? {} : { onDone: { target: to, reenter: true } }) }));
  const states = { a: { invoke }, b: { invoke: { id: 'next', src: 'ask' as const, onDone: 'done' } }, done: { type: 'final' as const } };
  return loadMachine(house.createMachine({ id: 'm', initial: 'a', states } as never) as unknown as AnyStateMachine);
}

const shared = sharedStore(() => undefined);
const NOBODY: ChartActors = new Map();

function turnOf(machine: Machine, before: ChartActors, seq: number, input: Extract<Input, { readonly type: 'start' | 'result' }>) {
  const bound: number[] = [];
  const bind = (n: number): Value => {
    bound.push(n);
    return { verdict: 'bound' };
  };
  const turn = takeTurn(before, input, { stream: 's', seq, machines: new Map([['m', machine]]), shared, bind });
  return { turn, bound };
}

const begin = (machine: Machine, seq = 7) => {
  const { turn, bound } = turnOf(machine, NOBODY, seq, { type: 'start', machine: 'm', input: null });
  return { ...(turn as Turn), bound };
};
const result = (id: string, key: EffectKey, actor = ''): Extract<Input, { readonly type: 'result' }> => ({
  type: 'result',
  actor,
  id,
  key,
  ok: true,
  value: null,
});
const openOf = ({ actors }: Turn): Record<string, unknown> =>
  Object.fromEntries([...actors].flatMap(([path, { open }]) => [...open].map(([id, one]) => [`${path}/${id}`, one.kind === 'effect' ? one.key : 'child'])));

describe('a result', () => {
  const machine = machineOf([
    { id: 'x', src: 'ask', to: 'b' },
    { id: 'y', src: 'ask', to: 'done' },
  ]);
  const before = begin(machine).actors;

  it('is taken under the key it was asked by alone: another of the same record, or of another record, is nobody’s', () => {
    expect(turnOf(machine, before, 8, result('x', [7, 1])).turn).toBeNull();
    expect(turnOf(machine, before, 8, result('y', [7, 0])).turn).toBeNull();
    expect(turnOf(machine, before, 8, result('x', [6, 0])).turn).toBeNull();
    expect(turnOf(machine, before, 8, result('x', [7, 0], 'below')).turn).toBeNull();
    expect(turnOf(machine, before, 8, result('x', [7, 0])).turn?.steps[0]?.to).toBe('b');
  });
});

describe('an invoke that is entered anew', () => {
  it('is asked under a new key; what was asked under the old one is cancelled, and taken no more', () => {
    const machine = machineOf([
      { id: 'x', src: 'ask', to: 'a' },
      { id: 'y', src: 'ask', to: 'done' },
    ]);
    const { turn } = turnOf(machine, begin(machine).actors, 8, result('x', [7, 0]));
    expect(openOf(turn as Turn)).toEqual({ '/x': [8, 0], '/y': [8, 1] });
    expect(turn?.started.map(({ key }) => key)).toEqual([
      [8, 0],
      [8, 1],
    ]);
    expect(turn?.cancelled).toEqual([[7, 1]]);
    expect(turnOf(machine, (turn as Turn).actors, 9, result('y', [7, 1])).turn).toBeNull();
  });

  it('keeps its key where it was not left', () => {
    const machine = machineOf([
      { id: 'x', src: 'ask' },
      { id: 'y', src: 'ask', to: 'done' },
    ]);
    const { turn } = turnOf(machine, begin(machine).actors, 8, result('x', [7, 0]));
    expect([openOf(turn as Turn), turn?.cancelled, turn?.started]).toEqual([{ '/y': [7, 1] }, [], []]);
  });
});

describe('a child that ended, and whose parent was entered anew in the same turn', () => {
  it('is not taken for the child that is there now', () => {
    const twice = setup({
      types: { context: {} as { readonly count: number } },
      actors: { ask, quick },
      guards: { isFirst: ({ context }) => context.count === 0 },
      actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
    }).createMachine({
      id: 'm',
      context: { count: 0 },
      initial: 'a',
      states: {
        a: {
          invoke: [
            { id: 'one', src: 'quick', onDone: { guard: 'isFirst', target: 'a', reenter: true, actions: 'count' } },
            { id: 'two', src: 'quick' },
            { id: 'x', src: 'ask', onDone: 'done' },
          ],
        },
        done: { type: 'final' },
      },
    });
    const { steps } = begin(loadMachine(twice as unknown as AnyStateMachine));
    // Of the second round both children start, and both ends are taken.
    expect(steps.map(({ actor }) => actor)).toEqual(['', 'one', 'two', '', 'one', 'two', '', '']);
  });
});

describe('what is asked and left in one turn', () => {
  it('is recorded as asked, and neither started nor cancelled', () => {
    const made = begin(
      machineOf([
        { id: 'x', src: 'ask', to: 'done' },
        { id: 'kid', src: 'quick', to: 'b' },
      ]),
    );
    expect(made.steps.flatMap(({ effects }) => effects.map(({ n, name }) => [n, name]))).toEqual([
      [0, 'ask'],
      [1, 'ask'],
    ]);
    expect(made.started.map(({ id, key }) => [id, key])).toEqual([['next', [7, 1]]]);
    expect(made.cancelled).toEqual([]);
  });

  it('is not bound: whoever left it does not want the block any more', () => {
    const left = begin(
      machineOf([
        { id: 'kid', src: 'quick', to: 'b' },
        { id: 'late', src: 'binding', to: 'done' },
      ]),
    );
    expect([left.bound, left.binds, openOf(left)]).toEqual([[], [], { '/next': [7, 1] }]);
    const kept = begin(machineOf([{ id: 'late', src: 'binding', to: 'b' }]));
    expect([kept.bound, kept.binds.map(({ n }) => n), openOf(kept)]).toEqual([[0], [0], { '/next': [7, 1] }]);
  });

  it('is a child that never starts', () => {
    const made = begin(
      machineOf([
        { id: 'first', src: 'bind', to: 'b' },
        { id: 'kid', src: 'asking', to: 'done' },
      ]),
    );
    expect(made.steps.map(({ actor, to }) => [actor, to])).toEqual([
      ['', 'a'],
      ['', 'b'],
    ]);
    expect(openOf(made)).toEqual({ '/next': [7, 1] });
  });
});

describe('what an actor asked that is no more', () => {
  it('is cancelled when it ends itself', () => {
    const machine = machineOf([
      { id: 'x', src: 'ask', to: 'done' },
      { id: 'y', src: 'ask', to: 'b' },
    ]);
    const { turn } = turnOf(machine, begin(machine).actors, 8, result('x', [7, 0]));
    expect([turn?.cancelled, turn?.actors.size, turn?.outcome]).toEqual([[[7, 1]], 0, null]);
  });

  it.each(['b', 'done'] as const)('is cancelled when what stands above it goes to %s, however far above', (to) => {
    const machine = machineOf([
      { id: 'x', src: 'ask', to },
      { id: 'kid', src: 'asking', to: 'done' },
      { id: 'pair', src: 'pairing', to: 'done' },
    ]);
    const before = begin(machine);
    expect(openOf(before)).toEqual({ '/x': [7, 0], '/kid': 'child', 'kid/ask': [7, 1], '/pair': 'child', 'pair/inner': 'child', 'pair/inner/ask': [7, 2] });
    const { turn } = turnOf(machine, before.actors, 8, result('x', [7, 0]));
    expect(turn?.cancelled).toEqual([
      [7, 1],
      [7, 2],
    ]);
    expect([...(turn as Turn).actors.keys()]).toEqual(to === 'done' ? [] : ['']);
  });
});

describe('a step’s digest', () => {
  it('holds under which keys it waits: the same state that asked in another record is another', () => {
    const machine = machineOf([{ id: 'x', src: 'ask', to: 'done' }]);
    const digest = (seq: number) => begin(machine, seq).steps[0]?.digest;
    expect(digest(7)).toEqual(digest(7));
    expect(digest(7)).not.toEqual(digest(8));
  });
});

/**
 * The contract with XState: what a pure step gives, what it leaves behind, what survives a restore; and every chart
 * that is refused, by what it says.
 */

import { describe, expect, it } from 'vitest';
import {
  type AnyStateMachine,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  log,
  not,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { decodeValue, encodeValue, type Value } from '../../src/journal/format/value.ts';
import { loadMachine, type MachineState } from '../../src/statechart/machine.ts';
import { loadXStateMachine } from '../../src/statechart/xstate-machine.ts';

let ran = 0;
let made = 0;

const ask = fromPromise<string, { readonly of: number }>(async () => {
  ran++;
  return 'never';
});

/** Asks, counts the answers up to three, and asks again; a failure pauses. */
const counting = setup({
  types: { input: {} as { readonly from: number }, context: {} as { readonly count: number; readonly seen: readonly unknown[] } },
  actors: { ask, alarm: ask },
  guards: { isEnough: ({ context }) => context.count >= 10_000_000 },
  actions: { count: assign({ count: ({ context }) => context.count + 1, seen: (_, seen: unknown) => [seen] }) },
}).createMachine({
  id: 'counting',
  context: ({ input }) => {
    made++;
    return { count: input.from, seen: [] };
  },
  initial: 'asking',
  states: {
    asking: {
      invoke: [
        { id: 'by', src: 'alarm', input: { of: 7 }, onDone: 'done' },
        {
          id: 'ask',
          src: 'ask',
          input: ({ context }) => ({ of: context.count }),
          onDone: [
            { guard: 'isEnough', target: 'done' },
            {
              target: 'asking',
              reenter: true,
              actions: { type: 'count', params: ({ event }: { readonly event: { readonly output: unknown } }) => event.output },
            },
          ],
          onError: { target: 'pausing', actions: { type: 'count', params: ({ event }: { readonly event: { readonly error: unknown } }) => event.error } },
        },
      ],
    },
    pausing: { invoke: { id: 'again', src: 'alarm', input: { of: 1 }, onDone: 'asking' } },
    done: { type: 'final' },
  },
  output: ({ context }) => context.count,
});

const machine = loadMachine(counting as unknown as AnyStateMachine);
const done = (id: string, output: Value = null) => ({ kind: 'done', id, output }) as const;
const failed = (id: string, failure: Value) => ({ kind: 'failed', id, failure }) as const;

describe('a pure step', () => {
  it('gives what its invokes ask, by id, name and input', () => {
    const { state, requests, invoking } = machine.start({ from: 3 });
    expect(state).toEqual({ status: 'active', value: 'asking', context: { count: 3, seen: [] }, output: null });
    expect(requests).toEqual([
      { id: 'by', kind: 'effect', name: 'alarm', input: { of: 7 } },
      { id: 'ask', kind: 'effect', name: 'ask', input: { of: 3 } },
    ]);
    expect([...invoking]).toEqual(['by', 'ask']);
  });

  it('runs the context factory once, with the input, and performs nothing', async () => {
    const [madeBefore, ranBefore] = [made, ran];
    const start = machine.start({ from: 0 });
    machine.step(machine.step(start.state, failed('ask', 'no')).state, done('again'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([made - madeBefore, ran - ranBefore]).toEqual([1, 0]);
  });

  it('is moved on by a result and by a failure, with what they carry', () => {
    const { state } = machine.start({ from: 0 });
    const again = machine.step(state, done('ask', 'yes'));
    expect(again.state.context).toEqual({ count: 1, seen: ['yes'] });
    expect([...again.entered.keys()]).toEqual(['by', 'ask']);
    const pausing = machine.step(state, failed('ask', { code: 'NO' }));
    expect(pausing.state).toMatchObject({ value: 'pausing', context: { seen: [{ code: 'NO' }] } });
    expect(pausing.requests).toEqual([{ id: 'again', kind: 'effect', name: 'alarm', input: { of: 1 } }]);
    const ended = machine.step(state, done('by'));
    expect(ended).toMatchObject({ state: { status: 'done', output: 0 }, requests: [] });
    expect(ended.invoking.size).toBe(0);
  });

  it('leaves what it began from as it was', () => {
    const { state } = machine.start({ from: 0 });
    const before = encodeValue(state as unknown as Value);
    machine.step(state, done('ask', 'yes'));
    expect(encodeValue(state as unknown as Value)).toEqual(before);
  });

  it('gives the same from a state that was on disk as from the living one, whatever came before', () => {
    const events = [done('ask', 'a'), failed('ask', 'b'), done('again'), done('ask', 'c'), done('by')];
    let live = machine.start({ from: 5 });
    let restored = live;
    for (const event of events) {
      live = machine.step(live.state, event);
      restored = machine.step(decodeValue(encodeValue(restored.state as unknown as Value)) as unknown as MachineState, event);
      expect(restored).toEqual(live);
    }
    expect(live.state.status).toBe('done');
  });

  it('holds no children and does not grow in 10,000 steps', () => {
    let now = machine.start({ from: 0 });
    const first = encodeValue(machine.step(now.state, done('ask', 'x')).state as unknown as Value).length;
    for (let i = 0; i < 10_000; i++) now = machine.step(now.state, done('ask', 'x'));
    expect(now.state.context).toEqual({ count: 10_000, seen: ['x'] });
    expect(encodeValue(now.state as unknown as Value).length).toBeLessThanOrEqual(first + 2);
    expect(Object.keys(now.state)).toEqual(['status', 'value', 'context', 'output']);
  });

  it('starts a child machine by its name, which is a machine of its own', () => {
    const parent = setup({ actors: { child: counting } }).createMachine({
      id: 'parent',
      initial: 'a',
      states: { a: { invoke: { id: 'kid', src: 'child', input: { from: 4 }, onDone: 'b' } }, b: { type: 'final' } },
    });
    const loaded = loadMachine(parent as unknown as AnyStateMachine);
    const before = made;
    expect(loaded.start(null).requests).toEqual([{ id: 'kid', kind: 'child', name: 'child', input: { from: 4 } }]);
    expect(made).toBe(before);
    expect(loaded.children.get('child')?.start({ from: 4 }).state.context).toEqual({ count: 4, seen: [] });
    expect(loaded.step(loaded.start(null).state, done('kid', 4)).state.status).toBe('done');
  });

  it('throws what an action throws', () => {
    const throwing = chart({
      invoke: {
        id: 'ask',
        src: 'ask',
        onDone: {
          actions: assign(() => {
            throw new RangeError('too far');
          }),
        },
      },
    });
    const loaded = loadMachine(throwing);
    expect(() => loaded.step(loaded.start(null).state, done('ask'))).toThrow(RangeError);
  });
});

/** One state that has this. */
function chart(state: object, rest: object = {}, actions: object = {}): AnyStateMachine {
  const config = { id: 'odd', initial: 'a', context: {}, states: { a: state, b: {} }, ...rest };
  return createMachine(config as never).provide({ actors: { ask, other: ask }, actions } as never) as unknown as AnyStateMachine;
}

const invoke = { id: 'ask', src: 'ask' };

describe('a chart is refused', () => {
  it.for<[what: string, AnyStateMachine, says: RegExp]>([
    ['an invoke without an id', chart({ invoke: { src: 'ask' } }), /an invoke without an id in the state odd\.a/],
    ['an id for the second time', chart({ invoke: [invoke, { id: 'ask', src: 'other' }] }), /the invoke id ask for the second time/],
    ['an id of another state', chart({ invoke }, { states: { a: { invoke }, b: { invoke } } }), /the invoke id ask for the second time in the state odd\.b/],
    ['an inline actor', chart({ invoke: { id: 'ask', src: ask } }), /the invoke ask of an actor without a name/],
    ['an actor nobody named', chart({ invoke: { id: 'ask', src: 'nobody' } }), /the invoke ask of an actor without a name/],
    ['a systemId', chart({ invoke: { ...invoke, systemId: 'it' } }), /a systemId of the invoke ask/],
    ['after', chart({ after: { 1000: 'b' } }), /`after`: time is an effect/],
    ['history', chart({ initial: 'h', states: { h: { type: 'history' }, c: {} } }), /a history state in the state odd\.a\.h/],
    ['a wildcard', chart({ on: { '*': 'b' } }), /a wildcard event/],
    ['half a wildcard', chart({ on: { 'xstate.done.*': 'b' } }), /a wildcard event/],
    ['an always without a target', chart({ always: { actions: assign({}) } }), /an `always` without a target/],
    ['spawnChild', chart({ entry: spawnChild('ask') }), /the action xstate\.spawnChild/],
    ['stopChild', chart({ exit: stopChild('ask') }), /the action xstate\.stopChild/],
    ['sendTo', chart({ invoke: { ...invoke, onDone: { actions: sendTo('ask', { type: 'x' }) } } }), /the action xstate\.sendTo/],
    ['sendParent', chart({ entry: sendParent({ type: 'x' }) }), /the action xstate\.sendTo/],
    ['emit', chart({ invoke: { ...invoke, onError: { actions: emit({ type: 'x' }) } } }), /the action xstate\.emit/],
    ['raise with a delay', chart({ entry: raise({ type: 'x' }, { delay: 1000 }) }), /the action xstate\.raise/],
    ['cancel', chart({ entry: cancel('x') }), /the action xstate\.cancel/],
    ['log', chart({ on: { x: { actions: log('x') } } }), /the action xstate\.log/],
    ['an event from outside', chart({ on: { x: 'b' } }), /the event x: nothing comes in but the results of invokes/],
    [
      'an always beside other regions',
      chart({ type: 'parallel', states: { c: { always: { target: '#odd.b' } }, d: {} } }),
      /an `always` below parallel states/,
    ],
    ['a snapshot of an invoke', chart({ invoke: { ...invoke, onSnapshot: 'b' } }), /an onSnapshot of the invoke ask/],
    ['a guard made of guards', chart({ invoke: { ...invoke, onDone: { guard: not('isReady'), target: 'b' } } }), /the guard not: a guard is a function/],
    ['a guard that nobody wrote', chart({ invoke: { ...invoke, onDone: { guard: 'isReady', target: 'b' } } }), /the guard isReady: a guard is a function/],
    ['enqueueActions', chart({ entry: enqueueActions(() => undefined) }), /the action xstate\.enqueueActions/],
    ['a function of its own', chart({ entry: () => undefined }), /the action without a name/],
    ['a named function of its own', chart({ always: { target: 'b', actions: 'ring' } }, {}, { ring: () => undefined }), /the action ring/],
    ['an action that nobody wrote', chart({ exit: 'nothing' }), /the action nothing/],
    ['an arrow to several states', chart({ invoke: { ...invoke, onDone: { target: ['b', 'a'] } } }), /an arrow to several states/],
    ['an initial arrow that acts', chart({}, { initial: { target: 'a', actions: assign({}) } }), /an `initial` that is more than a name in the state odd/],
    ['an always around others', chart({ initial: 'c', states: { c: { invoke } }, always: { target: 'b' } }), /an `always` of a state with others within/],
    ['an always to itself', chart({ always: { target: 'a', guard: () => true } }), /an `always` that leads back to its own state in the state odd\.a/],
    ['an always to where it is', chart({ always: { target: '#odd' } }), /an `always` that leads back to its own state/],
    ['tags', chart({ tags: ['x'] }), /`tags` of a state: no step reads it/],
    ['a state with an id of its own', chart({ id: 'mine' }), /`id` of a state/],
    ['a route', chart({}, { states: { a: { route: {} }, b: {} } }), /`route` of a state/],
    ['options of the machine', chart({}, { options: { maxIterations: 3 } }), /`options` of a state/],
    ['what an invoke does not know', chart({ invoke: { ...invoke, syncSnapshot: true } }), /`syncSnapshot` of an invoke/],
    ['what an arrow does not know', chart({ invoke: { ...invoke, onDone: { target: 'b', meta: 1 } } }), /`meta` of an arrow/],
  ])('for %s', ([, odd, says]) => {
    for (const load of [loadMachine, loadXStateMachine]) {
      expect(() => load(odd)).toThrow(expect.objectContaining({ code: 'MACHINE_REFUSED', message: expect.stringMatching(says) }));
      expect(() => load(odd)).toThrow(/machine odd: /);
    }
  });

  it('and so is its child machine', () => {
    const parent = setup({ actors: { child: chart({ after: { 1: 'b' } }) } }).createMachine({ id: 'parent' });
    expect(() => loadMachine(parent as unknown as AnyStateMachine)).toThrow(/machine odd: `after`/);
  });

  it.for([loadMachine, loadXStateMachine].map((load) => [load.name, load] as const))('at its first step for a loop without an end, by %s', ([, load]) => {
    const looping = load(chart({}, { states: { a: { always: { target: 'b' } }, b: { always: { target: 'a' } } } }));
    expect(() => looping.start(null)).toThrow(/machine odd: it comes to no rest in 1000 microsteps/);
  });

  it.for([loadMachine, loadXStateMachine].map((load) => [load.name, load] as const))(
    'at its first step for an actor that an assign spawns, by %s',
    ([, load]) => {
      const spawning = load(chart({ entry: assign(({ spawn }) => ({ it: (spawn as (src: string, options: object) => unknown)('ask', { id: 'hidden' }) })) }));
      expect(() => spawning.start(null)).toThrow(expect.objectContaining({ code: 'MACHINE_REFUSED' }));
    },
  );
});

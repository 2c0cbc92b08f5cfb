/** Our stepping against XState's own: the machines of MineOne on made-up results, and charts made to be awkward, on every way through them. */

import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, fromPromise, setup } from 'xstate';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/memory-store.ts';
import { loadMachine, type MachineEvent, type Stepped } from '../../src/runtime/machine.ts';
import { machines } from '../machines/all.ts';
import { fuzzRun, randomOf } from './fixtures/fuzz-turns.ts';
import { oracleOf } from './fixtures/xstate-oracle.ts';

const RUNS = 1000;

describe('a step as XState takes it', () => {
  it(`is ours in ${RUNS} epochs of late, repeated and lost results`, async () => {
    const { shared } = await openJournal(memoryStore());
    const oracles = new Map(machines.map(({ machine }) => [machine.id, oracleOf(machine)]));
    let steps = 0;
    for (let seed = 0; seed < RUNS; seed++) {
      const run = fuzzRun(seed, shared, oracles);
      expect(run.difference).toBeNull();
      steps += run.steps;
    }
    expect(steps).toBeGreaterThan(10 * RUNS);
  });

  it.for(machines.map(({ machine, inputs }) => [machine.id, machine, inputs] as const))('is ours on random ways through %s', ([, machine, inputs]) => {
    for (const input of inputs) for (let seed = 0; seed < 200; seed++) walk(machine, input, seed);
  });
});

const ask = fromPromise<number, number>(async () => 0);
type Log = { readonly log: readonly string[] };
const note = (what: string) =>
  assign({
    log: ({ context, event }: { readonly context: Log; readonly event: object }) => [...context.log, `${what} of ${(event as { type: string }).type}`],
  });
const answered = ({ event }: { readonly event: object }) => (event as { readonly output: number }).output;
const kit = setup({
  types: { context: {} as Log, input: {} as number },
  actors: { ask },
  guards: { isOdd: (_, n: number) => typeof n === 'number' && n % 2 === 1 },
});
const asks = (id: string, rest: object = {}) => ({ id, src: 'ask' as const, input: ({ context }: { readonly context: Log }) => context.log.length, ...rest });

const awkward: readonly AnyStateMachine[] = [
  kit.createMachine({
    id: 'nested',
    context: { log: [] },
    entry: note('enter root'),
    invoke: asks('root', { onDone: { target: '.deep.two', actions: note('from root') } }),
    initial: 'deep',
    states: {
      deep: {
        entry: note('enter deep'),
        exit: note('leave deep'),
        invoke: asks('deep', { onDone: { target: 'deep', reenter: true, actions: note('again') }, onError: { target: 'deep', actions: note('inside') } }),
        initial: 'one',
        states: {
          one: {
            entry: note('enter one'),
            exit: note('leave one'),
            invoke: asks('one', { onDone: { guard: { type: 'isOdd', params: answered }, target: 'two' } }),
          },
          two: { entry: note('enter two'), invoke: asks('two', { onDone: 'end', onError: { actions: note('stays') } }) },
          end: { type: 'final', output: ({ context }: { readonly context: Log }) => context.log.length },
        },
        onDone: { target: 'after', actions: note('deep is done') },
      },
      after: { entry: note('enter after'), always: [{ guard: () => false, target: 'deep' }, { target: 'last' }] },
      last: { invoke: asks('last', { onDone: 'over', onError: '#nested.deep.two' }) },
      over: { type: 'final', entry: note('enter over'), exit: note('leave over') },
    },
    exit: note('leave root'),
    output: ({ context, event }: { readonly context: Log; readonly event: object }) => [context.log.length, (event as { type: string }).type],
  } as never) as unknown as AnyStateMachine,
  kit.createMachine({
    id: 'beside',
    context: { log: [] },
    type: 'parallel',
    entry: note('enter root'),
    states: {
      left: {
        initial: 'a',
        states: {
          a: { exit: note('leave a'), invoke: asks('a', { onDone: 'b', onError: { target: 'a', reenter: true } }) },
          b: { type: 'final', entry: note('enter b') },
        },
        onDone: { actions: note('left is done') },
      },
      right: {
        type: 'parallel',
        states: {
          up: { initial: 'c', states: { c: { invoke: asks('c', { onDone: 'd', onError: '#beside.left' }) }, d: { type: 'final' } } },
          down: { initial: 'e', states: { e: { invoke: asks('e', { onDone: 'f', onError: ['f'] }) }, f: { type: 'final', entry: note('enter f') } } },
        },
        onDone: { actions: note('right is done') },
      },
    },
    onDone: { actions: note('all is done') },
    output: ({ context }: { readonly context: Log }) => context.log,
  } as never) as unknown as AnyStateMachine,
  kit.createMachine({
    id: 'within',
    context: ({ input }: { readonly input: number }) => ({ log: [`given ${input}`] }),
    initial: 'idle',
    states: {
      idle: {
        invoke: asks('start', { onDone: [{ guard: { type: 'isOdd', params: answered }, target: 'both' }, { target: 'both.left.y' }], onError: 'alone' }),
      },
      both: {
        type: 'parallel',
        onDone: 'alone',
        exit: note('leave both'),
        states: {
          left: {
            initial: 'x',
            states: {
              x: { entry: note('enter x'), invoke: asks('x', { onDone: 'z', onError: '#within.both' }) },
              y: { invoke: asks('y', { onDone: 'z' }) },
              z: { type: 'final' },
            },
          },
          right: { initial: 'v', states: { v: { invoke: asks('v', { onDone: 'w', onError: '#within.alone' }) }, w: { type: 'final' } } },
        },
      },
      alone: { invoke: [asks('p', { onDone: 'idle' }), asks('q', { onDone: 'done', onError: 'idle' })] },
      done: { type: 'final' },
    },
    output: 7,
  } as never) as unknown as AnyStateMachine,
];

describe('an awkward chart', () => {
  it.for(awkward.map((machine) => [machine.id, machine] as const))('%s is walked as XState walks it', ([, machine]) => {
    const ways = Array.from({ length: 400 }, (_, seed) => walk(machine, 3, seed));
    expect(new Set(ways).size).toBeGreaterThan(20);
  });
});

/** One way through a machine, on both makes; gives the states it came through. */
function walk(machine: AnyStateMachine, input: unknown, seed: number): string {
  const random = randomOf(seed);
  const [ours, theirs] = [loadMachine(machine), oracleOf(machine)];
  const way: string[] = [];
  let [a, b] = [attempt(() => ours.start(input as never)), attempt(() => theirs.start(input as never))];
  for (let i = 0; i < 30; i++) {
    expect(told(a)).toEqual(told(b));
    way.push(JSON.stringify(a?.state.value ?? null));
    if (a === null || b === null || a.state.status === 'done') break;
    const [x, y] = [a, b];
    const event = eventFor([...x.invoking], random);
    // Every other step on what a restore gives: plain data.
    const plain = i % 2 === 0 ? x.state : structuredClone(x.state);
    [a, b] = [attempt(() => ours.step(plain, event)), attempt(() => theirs.step(y.state, event))];
  }
  return way.join(' ');
}

function eventFor(invoking: readonly string[], random: () => number): MachineEvent {
  const id = invoking[Math.floor(random() * invoking.length)] as string;
  return random() < 0.7
    ? { kind: 'done', id, output: Math.floor(random() * 10) }
    : { kind: 'failed', id, failure: { code: 'DOWN', message: 'no', retryable: random() < 0.5, at: 1 } };
}

/** `null` where it throws: a result that no machine was made for. */
function attempt(step: () => Stepped): Stepped | null {
  try {
    return step();
  } catch {
    return null;
  }
}

function told(stepped: Stepped | null): unknown {
  if (stepped === null) return null;
  const { state, requests, invoking, entered } = stepped;
  return { state, requests, invoking: [...invoking].sort(), entered: [...entered.keys()].sort() };
}

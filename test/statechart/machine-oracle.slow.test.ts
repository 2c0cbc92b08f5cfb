/**
 * Our stepping against XState's own: the machines of MineOne on made-up results, and charts made to be awkward, on
 * every way through them.
 */

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { openJournal } from '../../src/journal/journal.ts';
import { memoryStore } from '../../src/journal/store/memory-store.ts';
import { loadMachine, type Machine, type MachineEvent, type Stepped } from '../../src/statechart/machine.ts';
import { loadXStateMachine } from '../../src/statechart/xstate-machine.ts';
import { machines } from '../machines/all.ts';
import { fuzzRun, randomOf } from '../runtime/fixtures/fuzz-turns.ts';
import { answered, asks, kit, type Log, note, randomChart } from './fixtures/random-charts.ts';

const RUNS = 1000;

describe('a step as XState takes it', () => {
  it(`is ours in ${RUNS} epochs of late, repeated and lost results`, async () => {
    const { shared } = await openJournal(memoryStore());
    const oracles = new Map(machines.map(({ machine }) => [machine.id, loadXStateMachine(machine)]));
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

const CHARTS = 400;
const PARTS = 8;
/** Ways through each of them. */
const WAYS = 6;

describe(`${CHARTS} random charts are walked as XState walks them`, () => {
  const seen = { steps: 0, done: 0, thrown: new Set<string>() };

  it.for(Array.from({ length: PARTS }, (_, part) => part))(`part %s of ${PARTS}`, (part) => {
    for (let chart = part; chart < CHARTS; chart += PARTS) {
      const machine = randomChart(chart);
      const makes = [loadMachine(machine), loadXStateMachine(machine)] as const;
      for (let seed = 0; seed < WAYS; seed++) {
        const way = walkOn(makes, 3, seed, `chart ${chart}, way ${seed}`);
        const { stepped, thrown } = way.at(-1) as Tried;
        seen.steps += way.length;
        if (thrown !== null) seen.thrown.add(thrown.replace(/\d+/g, 'n'));
        else if (stepped?.state.status === 'done') seen.done++;
        // One loop without an end is a thousand microsteps, and like another.
        if (thrown?.includes('no rest') === true) break;
      }
    }
  });

  it('to their ends, and throw what it throws: what a rule throws, a failure that nothing takes, a loop', () => {
    expect(seen.steps).toBeGreaterThan(15_000);
    expect(seen.done).toBeGreaterThan(200);
    expect([...seen.thrown].sort()).toEqual([
      'MACHINE_REFUSED: machine chart: it comes to no rest in n microsteps',
      'MACHINE_UNHEARD: machine chart: nothing takes the failure of in: no',
      'of its own: no action for n',
      'of its own: no guard for n',
    ]);
  });
});

/** One way through a machine, on both makes; gives the states it came through. */
function walk(machine: AnyStateMachine, input: unknown, seed: number): string {
  const way = walkOn([loadMachine(machine), loadXStateMachine(machine)], input, seed, `way ${seed}`);
  return way.map(({ stepped }) => JSON.stringify(stepped?.state.value ?? null)).join(' ');
}

const STEPS_MAX = 30;

function walkOn([ours, theirs]: readonly [Machine, Machine], input: unknown, seed: number, what: string): readonly Tried[] {
  const random = randomOf(seed);
  const way: Tried[] = [];
  let [a, b] = [attempt(() => ours.start(input as never)), attempt(() => theirs.start(input as never))];
  for (let i = 0; ; i++) {
    const [one, other] = [told(a), told(b)];
    // Asked for its words only where there is a difference: those of vitest take most of the time.
    if (!isDeepStrictEqual(one, other)) expect(one, `${what}, step ${i}`).toEqual(other);
    way.push(a);
    const [x, y] = [a.stepped, b.stepped];
    if (x === null || y === null || x.state.status === 'done' || x.invoking.size === 0 || i === STEPS_MAX) return way;
    const event = eventFor([...x.invoking], random);
    // Every other step on what a restore gives: plain data.
    const plain = i % 2 === 0 ? x.state : structuredClone(x.state);
    [a, b] = [attempt(() => ours.step(plain, event)), attempt(() => theirs.step(y.state, event))];
  }
}

function eventFor(invoking: readonly string[], random: () => number): MachineEvent {
  const id = invoking[Math.floor(random() * invoking.length)] as string;
  return random() < 0.7
    ? { kind: 'done', id, output: Math.floor(random() * 10) }
    : { kind: 'failed', id, failure: { code: 'DOWN', message: 'no', retryable: random() < 0.5, at: 1 } };
}

/** A step, or what it threw: a result that no machine was made for. */
interface Tried {
  readonly stepped: Stepped | null;
  readonly thrown: string | null;
}

function attempt(step: () => Stepped): Tried {
  try {
    return { stepped: step(), thrown: null };
  } catch (error) {
    const { code = 'of its own', message } = error as { readonly code?: string; readonly message: string };
    return { stepped: null, thrown: `${code}: ${message}` };
  }
}

function told({ stepped, thrown }: Tried): unknown {
  if (stepped === null) return thrown;
  const { state, requests, invoking, entered } = stepped;
  return { state, requests, invoking: [...invoking].sort(), entered: [...entered.keys()].sort() };
}

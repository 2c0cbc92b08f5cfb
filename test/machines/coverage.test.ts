/**
 * Every state and every transition of every machine is reached: a walk over the pure step with what each effect and
 * each child may end with.
 */

import { describe, expect, it } from 'vitest';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { encodeValue, type Value } from '../../src/journal/format/value.ts';
import { loadMachine, type Machine, type MachineEvent, type MachineState } from '../../src/statechart/machine.ts';
import { machines } from './all.ts';
import { answered, failed } from './given.ts';
import { statesOf } from './mermaid.ts';
import {
  base,
  baseLessFirst,
  baseLessLast,
  blip,
  created,
  deadlines,
  fault,
  forgotten,
  headTooHigh,
  inDebt,
  info,
  messages,
  others,
  otherVrf,
  powerless,
  proofs,
  standing,
  tooLate,
  vrf,
} from './round.ts';

const lower = { ...base, height: base.height - 1 };
const late = { outcome: 'late', stage: 'base' };
const broken = { outcome: 'failed', stage: 'base', failure: fault };

/** What an effect or a child of this name may end with. */
const answers: Readonly<Record<string, readonly unknown[]>> = {
  alarm: [null],
  getHead: [lower, base, baseLessLast, baseLessFirst, headTooHigh],
  getBeaconEntry: [info.beacon.entries[0]],
  getMiningBaseInfo: [info, powerless, inDebt, null],
  signVrf: [vrf],
  proveWinningPost: [proofs],
  getMessages: [messages],
  createBlock: [created, { ...created, mismatch: 'other' }],
  bind: [{ verdict: 'bound' }, { verdict: 'refused', fault: 'double-fork', why: 'other' }],
  claim: [{ verdict: 'granted' }, { verdict: 'conflict', kind: 'double-fork', by: 'other' }],
  submitBlock: [{ at: deadlines.submit }],
  pushMessages: [{ refused: null }],
  getTipset: [standing, others],
  baseWait: [{ outcome: 'base', base, info }, { outcome: 'base', base: lower, info: powerless }, late, broken],
  election: [{ outcome: 'won', winCount: 1, vrfProof: otherVrf }, { outcome: 'lost', lambda: 1n, digest: 2n, missedBy: 1n }, broken],
  ticket: [{ outcome: 'drawn', ticket: vrf }, broken],
  prove: [{ outcome: 'proved', proofs }, { outcome: 'late' }, broken],
  select: [{ outcome: 'selected', base, ticket: vrf, messages }, { outcome: 'moved', head: base }, late],
  create: [{ outcome: 'mined', cid: created.cid, winCount: 1 }, ...[base, baseLessLast, baseLessFirst].map((head) => ({ outcome: 'moved', head }))],
  deliver: [{ outcome: 'mined', cid: created.cid, winCount: 1 }],
};
/** One of them known when every deadline has passed. */
const failures = [blip, { ...blip, at: deadlines.lastCall }, fault, tooLate, forgotten];
/** Of a fate, when the block has long been final. */
const lastFailures = [{ ...fault, at: deadlines.submit + 2000 * 30_000 }];

interface Walk {
  readonly states: ReadonlySet<string>;
  readonly transitions: ReadonlySet<unknown>;
  /** Situations in which it waits for something. */
  readonly visited: number;
}

function walk(machine: AnyStateMachine, inputs: readonly object[]): Walk {
  const pure = loadMachine(machine);
  const states = new Set<string>();
  const transitions = new Set<unknown>();
  const seen = new Map<string, MachineState>();
  const queue: MachineState[] = [];
  let visited = 0;
  const arrive = (state: MachineState, from: readonly AnyStateNode[]): void => {
    const nodes = nodesOf(machine, state);
    for (const node of nodes) states.add(node.id);
    for (const drawn of from.flatMap(inner)) if (drawn.target?.every((target) => nodes.includes(target))) transitions.add(drawn);
    const key = toHex(encodeValue(state as unknown as Value));
    if (!seen.has(key)) queue.push(state);
    seen.set(key, state);
  };
  for (const input of inputs) arrive(pure.start(input as Value).state, passed(machine));
  for (let state = queue.shift(); state !== undefined; state = queue.shift()) {
    if (state.status === 'done') continue;
    visited++;
    const snapshot = machine.resolveState({ value: state.value, context: state.context } as never);
    const nodes = nodesOf(machine, state);
    for (const event of eventsOf(pure, nodes)) {
      const type = `xstate.${event.kind === 'done' ? 'done' : 'error'}.actor.${event.id}`;
      const carried = event.kind === 'done' ? { output: event.output } : { error: event.failure };
      for (const drawn of machine.getTransitionData(snapshot as never, { type, ...carried } as never)) transitions.add(drawn);
      arrive(pure.step(state, event).state, nodes);
    }
  }
  return { states, transitions, visited };
}

/** Transitions without an event of their own: taken when their source was there and their target is. */
function inner(node: AnyStateNode) {
  return [...(node.always ?? []), ...(node.transitions.get(`xstate.done.state.${node.id}`) ?? [])];
}

/** States that an `always` leaves before anybody sees them. */
function passed(machine: AnyStateMachine): readonly AnyStateNode[] {
  return statesOf(machine).filter((node) => node.always !== undefined);
}

function nodesOf(machine: AnyStateMachine, { value }: MachineState): readonly AnyStateNode[] {
  return machine.resolveState({ value, context: {} } as never)._nodes as readonly AnyStateNode[];
}

function eventsOf(pure: Machine, nodes: readonly AnyStateNode[]): readonly MachineEvent[] {
  return nodes.flatMap(({ invoke }) =>
    invoke.flatMap(({ id, src }) => {
      const ends = answers[String(src)];
      if (ends === undefined) throw new Error(`nobody said what ${String(src)} may answer`);
      const known = pure.name === 'fate' ? [...failures, ...lastFailures] : failures;
      const fails = pure.effects.has(String(src)) ? known.map((failure) => failed(id, failure)) : [];
      return [...ends.map((end) => answered(id, end)), ...fails];
    }),
  );
}

describe.each(machines.map(({ machine, inputs }) => ({ name: machine.id, machine, inputs })))('$name', ({ machine, inputs }) => {
  const walked = walk(machine, inputs);
  const nodes = statesOf(machine);

  it('reaches every state', () => {
    const unseen = nodes.filter((node) => node.always === undefined && !walked.states.has(node.id));
    expect(unseen.map(({ id }) => id)).toEqual([]);
  });

  it('takes every transition', () => {
    const all = nodes.flatMap((node) => [...[...node.transitions.values()].flat(), ...(node.always ?? [])]);
    const untaken = all.filter((drawn) => !walked.transitions.has(drawn));
    expect(untaken.map(({ source, eventType, target }) => `${source.id}: ${eventType} -> ${target?.map(({ id }) => id).join()}`)).toEqual([]);
    expect(all.length).toBeGreaterThan(1);
  });

  it('ends in a few hundred situations at most: the chart is a page', () => {
    expect(walked.visited).toBeLessThan(300);
  });
});

/**
 * Each machine under plain XState, with promises for effects and a clock of its own: nothing of the runtime is needed
 * to use one.
 */

import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor, fromPromise, toPromise } from 'xstate';
import { epochMachine } from '../../machines/epoch.ts';
import { machines } from './all.ts';
import { base, blip, config, created, deadlines, epoch, fault, info, messages, miner, observing, others, proofs, standing, tooLate, vrf } from './round.ts';

type Answers = Readonly<Record<string, (input: never) => unknown>>;

const answers: Answers = {
  alarm: () => null,
  getHead: () => base,
  getBeaconEntry: () => info.beacon.entries[0],
  getMiningBaseInfo: () => info,
  signVrf: () => vrf,
  proveWinningPost: () => proofs,
  getMessages: () => messages,
  createBlock: () => created,
  bind: () => ({ verdict: 'bound' }),
  claim: () => ({ verdict: 'granted' }),
  submitBlock: () => ({ at: deadlines.submit }),
  getTipset: () => standing,
};

/**
 * An alarm rings a thousand times faster than it says, and a fate's with the last of them; everything else answers at
 * once.
 */
function performing(machine: AnyStateMachine, given: Answers): AnyStateMachine {
  const actors = Object.entries(machine.implementations.actors).map(([name, logic]) => {
    if (logic !== null && typeof logic === 'object' && 'root' in logic) return [name, performing(logic as AnyStateMachine, given)];
    return [name, name === 'alarm' ? alarm : fromPromise(async ({ input }) => given[name]?.(input as never))];
  });
  return machine.provide({ actors: Object.fromEntries(actors) } as never) as unknown as AnyStateMachine;
}

const alarm = fromPromise<null, { readonly at: number }>(
  ({ input, signal }) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(200, Math.max(0, (input.at - 1_002_900_000) / 1000)), null);
      signal.addEventListener('abort', () => clearTimeout(timer));
    }),
);

function run(machine: AnyStateMachine, input: object, given: Answers = answers): Promise<unknown> {
  const actor = createActor(performing(machine, given), { input: input as never });
  actor.start();
  return toPromise(actor);
}

const ends: Readonly<Record<string, object>> = {
  epoch: { outcome: 'mined', cid: created.cid },
  'base-wait': { outcome: 'base', base, info },
  election: { outcome: 'won' },
  ticket: { outcome: 'drawn', ticket: vrf },
  prove: { outcome: 'proved', proofs },
  select: { outcome: 'selected', base, ticket: vrf, messages },
  create: { outcome: 'mined', cid: created.cid },
  deliver: { outcome: 'mined', cid: created.cid, sentAt: deadlines.submit },
  fate: { fate: 'included' },
};

describe('createActor(machine.provide({ actors }))', () => {
  it.for(machines.map(({ machine, inputs }) => [machine.id, machine, inputs[0] as object] as const))('runs %s to its end', async ([id, machine, input]) => {
    expect(await run(machine, input)).toMatchObject(ends[id] as object);
  });

  it('observes an epoch', async () => {
    const observed = await run(epochMachine as unknown as AnyStateMachine, { miner, epoch, config: observing });
    expect(observed).toMatchObject({ outcome: 'observed', template: { miner, epoch, base, ticket: vrf } });
  });

  it('tells a rejection of a port as a failure, and tries again after one that may pass', async () => {
    let asked = 0;
    const said = [blip, fault, fault, tooLate];
    const submitBlock = () => Promise.reject(said[asked++]);
    expect(await run(epochMachine as unknown as AnyStateMachine, { miner, epoch, config }, { ...answers, submitBlock, getTipset: () => others })).toEqual({
      outcome: 'rejected',
      failure: fault,
    });
    expect(asked).toBe(said.length);
  });

  it('says what to do when nobody performs an effect', async () => {
    const actor = createActor(epochMachine, { input: { miner, epoch, config } });
    actor.start();
    const output = await toPromise(actor);
    expect(output).toMatchObject({ outcome: 'failed', stage: 'base', failure: { message: expect.stringContaining('provide({ actors: { alarm } })') } });
  });
});

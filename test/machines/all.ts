/** Every machine there is, with an input to begin with: whoever adds one adds it here. */

import type { AnyStateMachine } from 'xstate';
import { baseWaitMachine } from '../../machines/base-wait.ts';
import { createMachine } from '../../machines/create.ts';
import { deliverMachine } from '../../machines/deliver.ts';
import { electionMachine } from '../../machines/election.ts';
import { epochMachine } from '../../machines/epoch.ts';
import { fateMachine } from '../../machines/fate.ts';
import { proveMachine } from '../../machines/prove.ts';
import { selectMachine } from '../../machines/select.ts';
import { ticketMachine } from '../../machines/ticket.ts';
import { base, bound, config, created, deadlines, epoch, info, messages, miner, observing, otherVrf, proofs, vrf } from './round.ts';

export interface Charted {
  readonly machine: AnyStateMachine;
  /** Inputs that lead to different beginnings. */
  readonly inputs: readonly object[];
}

const create = { miner, epoch, deadlines, info, base, ticket: vrf, winCount: 3, electionProof: otherVrf, proofs, messages };

const charted: readonly (readonly [machine: unknown, ...inputs: object[]])[] = [
  [epochMachine, { miner, epoch, config }],
  [baseWaitMachine, { miner, epoch, deadlines, base: null }, { miner, epoch, deadlines, base }],
  [electionMachine, { miner, epoch, info, deadlines }],
  [ticketMachine, { miner, epoch, config, deadlines, info, base }],
  [proveMachine, { miner, epoch, info, deadlines }],
  [selectMachine, ...[base, { ...base, height: base.height - 1 }].map((on) => ({ miner, epoch, config, deadlines, info, base: on, ticket: vrf }))],
  [createMachine, { ...create, config }, { ...create, config: observing }],
  [deliverMachine, { config, bound, winCount: 3 }],
  [fateMachine, { miner, epoch, config, base, cid: created.cid, sentAt: deadlines.submit }],
];

export const machines: readonly Charted[] = charted.map(([machine, ...inputs]) => ({ machine: machine as AnyStateMachine, inputs }));

/** What an epoch hands on from step to step, and how a step that ends it becomes its outcome. */

import type { Deadlines, Election, Head, MiningInfo, RoundConfig } from '../src/consensus/mining-round.ts';
import type { BaseWaitInput, BaseWaitOutput } from './base-wait.ts';
import type { CreateInput, CreateOutput } from './create.ts';
import type { BlobRef, ProofBytes } from './effects.ts';
import type { ElectionInput, ElectionOutput } from './election.ts';
import type { ProveInput, ProveOutput } from './prove.ts';
import type { SelectInput, SelectOutput } from './select.ts';
import type { TicketInput, TicketOutput } from './ticket.ts';

export interface EpochInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
}

export type EpochOutput = CreateOutput;

export interface EpochContext extends EpochInput {
  readonly deadlines: Deadlines;
  readonly base: Head | null;
  readonly info: MiningInfo | null;
  readonly won: Extract<Election, { readonly outcome: 'won' }> | null;
  readonly ticket: Uint8Array | null;
  readonly proofs: readonly ProofBytes[] | null;
  readonly messages: BlobRef | Uint8Array | null;
  readonly output: EpochOutput | null;
}

interface Held {
  readonly context: EpochContext;
}

/** The context in which a later step runs: what the steps before it found is there. */
function found({ context }: Held): { readonly [K in keyof EpochContext]: NonNullable<EpochContext[K]> } {
  return context as ReturnType<typeof found>;
}

export function baseWaitInput({ context: { miner, epoch, deadlines } }: Held): BaseWaitInput {
  return { miner, epoch, deadlines };
}

export function electionInput(held: Held): ElectionInput {
  const { miner, epoch, deadlines, info } = found(held);
  return { miner, epoch, deadlines, info };
}

export function ticketInput(held: Held): TicketInput {
  const { miner, epoch, config, deadlines, info, base } = found(held);
  return { miner, epoch, config, deadlines, info, base };
}

export function proveInput(held: Held): ProveInput {
  const { miner, epoch, deadlines, info } = found(held);
  return { miner, epoch, deadlines, info };
}

export function selectInput(held: Held): SelectInput {
  const { miner, epoch, config, deadlines, info, base, ticket } = found(held);
  return { miner, epoch, config, deadlines, info, base, ticket };
}

export function createInput(held: Held): CreateInput {
  const { miner, epoch, config, deadlines, info, base, ticket, won, proofs, messages } = found(held);
  return { miner, epoch, config, deadlines, info, base, ticket, winCount: won.winCount, electionProof: won.vrfProof, proofs, messages };
}

type StepOutput = BaseWaitOutput | ElectionOutput | TicketOutput | ProveOutput | SelectOutput;

/** A step's output, when its guard has told that it goes on with this outcome. */
export function going<Output extends StepOutput, Name extends Output['outcome']>(output: Output, name: Name): Extract<Output, { readonly outcome: Name }> {
  if (output.outcome !== name) throw new TypeError(`a step that ended ${output.outcome} does not go on as ${name}`);
  return output as Extract<Output, { readonly outcome: Name }>;
}

export function baseOf(output: BaseWaitOutput): Pick<EpochContext, 'base' | 'info'> {
  const { base, info } = going(output, 'base');
  return { base, info };
}

export function selectionOf(output: SelectOutput): Pick<EpochContext, 'base' | 'ticket' | 'messages'> {
  const { base, ticket, messages } = going(output, 'selected');
  return { base, ticket, messages };
}

/** The epoch's outcome when a step ends it; `stage` where the step does not name it itself. */
export function ended(output: StepOutput, stage: 'election' | 'ticket' | 'prove' | null): EpochOutput {
  const named = output.outcome === 'lost' || stage === null ? output : { ...output, stage };
  return named as EpochOutput;
}

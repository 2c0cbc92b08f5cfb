/** What an epoch hands on from step to step, and how a step that ends it becomes its outcome. */

import { placeOf, refreshBase } from '../src/mining/base.ts';
import type { BlobRef, ProofBytes } from '../src/mining/effects.ts';
import { type Deadlines, type Election, type Head, type MiningInfo, type RoundConfig, sameDraw } from '../src/mining/round.ts';
import type { BaseWaitInput, BaseWaitOutput } from './base-wait.ts';
import type { CreateInput, CreateOutput } from './create.ts';
import type { ElectionInput, ElectionOutput } from './election.ts';
import type { ProveInput, ProveOutput } from './prove.ts';
import type { Moved, SelectInput, SelectOutput } from './select.ts';
import type { TicketInput, TicketOutput } from './ticket.ts';

export interface EpochInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
}

export type EpochOutput = Exclude<CreateOutput, Moved>;

export interface EpochContext extends EpochInput {
  readonly deadlines: Deadlines;
  readonly base: Head | null;
  /** The head that took the place of the base. */
  readonly seen: Head | null;
  readonly info: MiningInfo | null;
  readonly won: Extract<Election, { readonly outcome: 'won' }> | null;
  readonly ticket: Uint8Array | null;
  readonly proofs: readonly ProofBytes[] | null;
  readonly messages: BlobRef | Uint8Array | null;
  readonly output: EpochOutput | null;
}

interface EpochData {
  readonly context: EpochContext;
}

/** The context in which a later step runs: what the steps before it found is there. */
function found({ context }: EpochData): { readonly [K in keyof EpochContext]: NonNullable<EpochContext[K]> } {
  return context as ReturnType<typeof found>;
}

export function baseWaitInput({ context: { miner, epoch, deadlines } }: EpochData): BaseWaitInput {
  return { miner, epoch, deadlines, base: null };
}

/** Begins with the head that was seen: another answer of the node may be an older one. */
export function rebaseInput(held: EpochData): BaseWaitInput {
  const { miner, epoch, deadlines, seen } = found(held);
  return { miner, epoch, deadlines, base: seen };
}

export function electionInput(held: EpochData): ElectionInput {
  const { miner, epoch, deadlines, info } = found(held);
  return { miner, epoch, deadlines, info };
}

export function ticketInput(held: EpochData): TicketInput {
  const { miner, epoch, config, deadlines, info, base } = found(held);
  return { miner, epoch, config, deadlines, info, base };
}

export function proveInput(held: EpochData): ProveInput {
  const { miner, epoch, deadlines, info } = found(held);
  return { miner, epoch, deadlines, info };
}

export function selectInput(held: EpochData): SelectInput {
  const { miner, epoch, config, deadlines, info, base, ticket } = found(held);
  return { miner, epoch, config, deadlines, info, base, ticket };
}

export function createInput(held: EpochData): CreateInput {
  const { miner, epoch, config, deadlines, info, base, ticket, won, proofs, messages } = found(held);
  return { miner, epoch, config, deadlines, info, base, ticket, winCount: won.winCount, electionProof: won.vrfProof, proofs, messages };
}

type StepOutput = BaseWaitOutput | ElectionOutput | TicketOutput | ProveOutput | SelectOutput | CreateOutput;

/** A step's output, when its guard has told that it goes on with this outcome. */
export function going<Output extends StepOutput, Name extends Output['outcome']>(output: Output, name: Name): Extract<Output, { readonly outcome: Name }> {
  if (output.outcome !== name) throw new TypeError(`a step that ended ${output.outcome} does not go on as ${name}`);
  return output as Extract<Output, { readonly outcome: Name }>;
}

export function baseOf(output: BaseWaitOutput): Pick<EpochContext, 'base' | 'info'> {
  const { base, info } = going(output, 'base');
  return { base, info };
}

/** What was won and proved on another base goes with it. */
export function baseAnew(output: BaseWaitOutput): Pick<EpochContext, 'base' | 'info' | 'won' | 'ticket' | 'proofs'> {
  return { ...baseOf(output), won: null, ticket: null, proofs: null };
}

/** Whether what was won and proved on the old base holds on the new one. */
export function keepsDraw(held: EpochData, output: BaseWaitOutput): boolean {
  return output.outcome === 'base' && sameDraw(found(held).info, output.info);
}

/** The base less the blocks that the head lost. */
export function refreshedOf(held: EpochData, output: CreateOutput): Head {
  return refreshBase(found(held).base, going(output, 'moved').head, true);
}

/** Whether a head of the base's own height took its place. */
export function isBeside(held: EpochData, output: CreateOutput): boolean {
  return output.outcome === 'moved' && placeOf(found(held).base, output.head) === 'beside';
}

export function selectionOf(output: SelectOutput): Pick<EpochContext, 'base' | 'ticket' | 'messages'> {
  const { base, ticket, messages } = going(output, 'selected');
  return { base, ticket, messages };
}

/** The epoch's outcome when a step ends it; `stage` where the step does not name it itself. */
export function ended(output: Exclude<StepOutput, Moved>, stage: 'election' | 'ticket' | 'prove' | null): EpochOutput {
  const named = output.outcome === 'lost' || stage === null ? output : { ...output, stage };
  return named as EpochOutput;
}

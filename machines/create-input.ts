/** What create is given and what it asks for: the template of the block, then the block by its CID. */

import type { BindInput, BindVerdict, BlobRef, CreatedBlock, ProofBytes, TemplateInput } from '../src/mining/effects.ts';
import type { EpochOutcome } from '../src/mining/outcome.ts';
import { blockTimestamp, type Deadlines, type Head, type MiningInfo, type RoundConfig } from '../src/mining/round.ts';
import type { DeliverInput, Refused } from './deliver-input.ts';
import type { Moved } from './select.ts';

export interface CreateInput {
  readonly miner: string;
  readonly epoch: number;
  readonly config: RoundConfig;
  readonly deadlines: Deadlines;
  readonly info: MiningInfo;
  readonly base: Head;
  readonly ticket: Uint8Array;
  readonly winCount: number;
  readonly electionProof: Uint8Array;
  readonly proofs: readonly ProofBytes[];
  readonly messages: BlobRef | Uint8Array;
}

/**
 * An observed epoch tells the block that would have been made. One that is made on a base that is it no more is not
 * bound.
 */
export type CreateOutput =
  | Moved
  | Exclude<EpochOutcome, { readonly outcome: 'observed' }>
  | (Extract<EpochOutcome, { readonly outcome: 'observed' }> & { readonly template: TemplateInput });

export interface CreateContext extends CreateInput {
  readonly created: CreatedBlock | null;
  readonly retryAt: number;
  readonly output: CreateOutput | null;
}

interface CreateData {
  readonly context: CreateContext;
}

export function templateOf({ context }: CreateData): TemplateInput {
  const { miner, epoch, config, base, ticket, winCount, electionProof, info, proofs, messages } = context;
  const timestamp = blockTimestamp(config, epoch);
  return { miner, epoch, base, timestamp, ticket, winCount, electionProof, beaconEntries: info.beacon.entries, proofs, messages, workerKey: info.workerKey };
}

/** The block as bind and the fence know it. */
export function ownBlock({ context }: CreateData): BindInput {
  const { miner, epoch, base, messages } = context;
  const { cid, block } = context.created as CreatedBlock;
  return { miner, epoch, base, cid, block, messages };
}

export function deliverInput(held: CreateData): DeliverInput {
  const { config, winCount } = held.context;
  return { config, bound: ownBlock(held), winCount };
}

/** Params of a refusal: what is wrong with the created block. */
export function mismatchOf({ event }: { readonly event: { readonly output: CreatedBlock } }): Refused {
  return { why: 'invalid', detail: event.output.mismatch ?? '' };
}

/** Params of a refusal: what bind holds against the block. */
export function faultOf({ event: { output } }: { readonly event: { readonly output: BindVerdict } }): Refused {
  return output.verdict === 'refused' ? { why: output.fault, detail: output.why } : { why: 'invalid', detail: '' };
}

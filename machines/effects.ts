/** What machines ask of the world: each request by its name, with what goes in and what comes back (docs/architecture.md 3, «Effects and recovery»). */

import { fromPromise, type PromiseActorLogic } from 'xstate';
import type { SlashFault } from '../src/consensus/slash-fault.ts';
import type { Standing } from '../src/mining/orphan.ts';
import type { BeaconValue, Head, MiningInfo, ProvingSector } from '../src/mining/round.ts';

/** Bytes kept beside the records, named by their SHA-256. Where a machine is given more than 256 bytes it holds this instead. */
export interface BlobRef {
  readonly $blob: Uint8Array;
  readonly $length: number;
}

export interface ProofBytes {
  readonly postProof: number;
  readonly proofBytes: Uint8Array;
}

/** A template with its base as it is held here; the messages are bytes of a CBOR list of signed messages. */
export interface TemplateInput {
  readonly miner: string;
  readonly epoch: number;
  readonly base: Head;
  readonly timestamp: bigint;
  readonly ticket: Uint8Array;
  readonly winCount: number;
  readonly electionProof: Uint8Array;
  readonly beaconEntries: readonly BeaconValue[];
  readonly proofs: readonly ProofBytes[];
  readonly messages: BlobRef | Uint8Array;
  /** Who signs the block, `f3…`: what is made is held against it. */
  readonly workerKey: string;
}

/** `block` is a BlockMessage in CBOR; `mismatch` says where it is not what the template asked for, or that the worker did not sign it. */
export interface CreatedBlock {
  readonly cid: Uint8Array;
  readonly block: BlobRef | Uint8Array;
  readonly mismatch: string | null;
}

export interface BindInput {
  readonly miner: string;
  readonly epoch: number;
  readonly cid: Uint8Array;
  readonly base: Head;
  readonly block: BlobRef | Uint8Array;
  /** Its signed messages, bytes of a CBOR list: a block holds their CIDs alone, and a node may forget them. */
  readonly messages: BlobRef | Uint8Array;
}

export type BindVerdict = { readonly verdict: 'bound' } | { readonly verdict: 'refused'; readonly fault: SlashFault | 'upgrade-unknown'; readonly why: string };

/** A fence that does not know is a failure that may pass. */
export type ClaimVerdict = { readonly verdict: 'granted' } | { readonly verdict: 'conflict'; readonly kind: SlashFault; readonly by: string };

/** The head as a base of the miner's epoch: where another's block of that very epoch is the head already, the tipset that it stands on, beside which there is room for ours. */
export interface HeadAsked {
  readonly miner: string;
  readonly epoch: number;
  /** When it is of no use any more, in milliseconds since 1970; asked later than that, it has a second. */
  readonly by?: number;
}

/** Name → what goes in and what comes back; a failure comes as a `Failure`. */
export interface Effects {
  /** Rings then; or when `within` milliseconds have gone by since it was set, where the clock was put back. */
  alarm: { in: { readonly at: number; readonly within?: number }; out: null };
  getHead: { in: HeadAsked | null; out: Head };
  getBeaconEntry: { in: { readonly epoch: number }; out: BeaconValue };
  getMiningBaseInfo: { in: { readonly miner: string; readonly epoch: number; readonly base: Head }; out: MiningInfo | null };
  signVrf: { in: { readonly key: string; readonly message: Uint8Array }; out: Uint8Array };
  proveWinningPost: {
    in: {
      readonly miner: string;
      readonly epoch: number;
      readonly randomness: Uint8Array;
      readonly sectors: readonly ProvingSector[];
      readonly sectorSize: bigint;
    };
    out: readonly ProofBytes[];
  };
  getMessages: { in: { readonly base: Head; readonly epoch: number; readonly quality: number }; out: BlobRef | Uint8Array };
  createBlock: { in: TemplateInput; out: CreatedBlock };
  bind: { in: BindInput; out: BindVerdict };
  claim: { in: BindInput; out: ClaimVerdict };
  /** `by`: past it the block goes out only while the chain has not gone on from its base; else the failure is `TOO_LATE`. */
  submitBlock: {
    in: {
      readonly miner: string;
      readonly epoch: number;
      readonly cid: Uint8Array;
      readonly block: BlobRef | Uint8Array;
      readonly base: Head;
      readonly by: number;
    };
    /** When it was taken. */
    out: { readonly at: number };
  };
  /** `refused`: what the node said of the last that its pool does not take; it may keep that one all the same. */
  pushMessages: { in: { readonly messages: BlobRef | Uint8Array }; out: { readonly refused: string | null } };
  /** `reached`: the node's own head must be at least there; a failure that may pass where it is not. */
  getTipset: { in: { readonly height: number; readonly reached?: number }; out: Standing };
}

export type EffectName = keyof Effects;

/** A slot for an effect: the runtime performs it, or `machine.provide({ actors })` does under a plain `createActor`. */
export function effect<Name extends EffectName>(name: Name): PromiseActorLogic<Effects[Name]['out'], Effects[Name]['in']> {
  return fromPromise(() =>
    Promise.reject(new Error(`nobody performs the effect ${name}: run the machine in the runtime, or provide({ actors: { ${name} } })`)),
  );
}

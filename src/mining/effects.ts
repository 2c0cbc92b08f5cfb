/**
 * What machines ask of the world: one row an effect, with what goes in and what comes back, and how it is treated
 * wherever effects are (docs/architecture.md 3, «Effects and recovery»). A row that is missing, or one that says too
 * little, does not compile.
 */

import type { SlashFault } from '../consensus/slash-fault.ts';
import type { Standing } from './orphan.ts';
import type { Stage } from './outcome.ts';
import type { BeaconValue, Head, MiningInfo, ProvingSector } from './round.ts';

/**
 * Bytes kept beside the records, named by their SHA-256. Where a machine is given more than 256 bytes it holds this
 * instead.
 */
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

/**
 * `block` is a BlockMessage in CBOR; `mismatch` says where it is not what the template asked for, or that the worker
 * did not sign it.
 */
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

/**
 * The head as a base of the miner's epoch: where another's block of that very epoch is the head already, the tipset
 * that it stands on, beside which there is room for ours.
 */
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
  /**
   * `by`: past it the block goes out only while the chain has not gone on from its base; else the failure is
   * `TOO_LATE`.
   */
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

/** What becomes of an effect that was asked for and has no result when the process comes back. */
export type Recovery =
  /** Rings at the same absolute time; overdue ones in the order of (due, seq). */
  | 're-armed'
  /** Asked again; whatever comes counts. */
  | 'repeatable'
  /** Asked again with the recorded template alone: the same template gives the same bytes. */
  | 'repeatable-as-recorded'
  /** Never open: it is in the batch or it is not. */
  | 'in-the-batch'
  /** Told again with the same CID. */
  | 'idempotent';

/** What a what-if may answer it with, beside the recorded answer to an equal question. */
export type Reuse =
  /** The time that it asks for. */
  | 'its-time'
  /** The head that the node had then, of all that were seen. */
  | 'head-of-then'
  /** The answer for another base of the same height on the same parents. */
  | 'same-round'
  /** The answer about the same block. */
  | 'same-block'
  /** Nothing: equal questions alone. */
  | 'equal';

export interface EffectRow {
  readonly recovery: Recovery;
  /**
   * Who gives it up: the `machine` that asked, by an alarm of its own; `in-time`, whoever performs it, for a block that
   * is bound must not be held back for good; `nobody`.
   */
  readonly givenUp: 'machine' | 'in-time' | 'nobody';
  /** Whether it signs for a miner or brings out what was signed: never of an epoch whose rules are not known. */
  readonly underKnownRules: boolean;
  readonly reuse: Reuse;
  /** What `replay --crypto` verifies of its answer. */
  readonly crypto: 'beacon' | 'vrf' | 'block' | null;
  /** The step of an epoch that asks for it; `asker` where several steps do, `null` where none waits for it. */
  readonly step: Stage | 'asker' | null;
}

export const EFFECTS: { readonly [Name in EffectName]: EffectRow } = {
  alarm: { recovery: 're-armed', givenUp: 'nobody', underKnownRules: false, reuse: 'its-time', crypto: null, step: null },
  getHead: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: false, reuse: 'head-of-then', crypto: null, step: 'asker' },
  getBeaconEntry: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: false, reuse: 'equal', crypto: null, step: 'beacon' },
  getMiningBaseInfo: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: false, reuse: 'same-round', crypto: 'beacon', step: 'base-info' },
  signVrf: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: true, reuse: 'equal', crypto: 'vrf', step: 'asker' },
  proveWinningPost: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: true, reuse: 'equal', crypto: null, step: 'prove' },
  getMessages: { recovery: 'repeatable', givenUp: 'machine', underKnownRules: false, reuse: 'equal', crypto: null, step: 'select' },
  createBlock: { recovery: 'repeatable-as-recorded', givenUp: 'machine', underKnownRules: true, reuse: 'equal', crypto: 'block', step: 'create' },
  bind: { recovery: 'in-the-batch', givenUp: 'nobody', underKnownRules: true, reuse: 'same-block', crypto: null, step: null },
  claim: { recovery: 'idempotent', givenUp: 'in-time', underKnownRules: true, reuse: 'same-block', crypto: null, step: 'claim' },
  submitBlock: { recovery: 'idempotent', givenUp: 'in-time', underKnownRules: true, reuse: 'same-block', crypto: null, step: 'submit' },
  pushMessages: { recovery: 'idempotent', givenUp: 'in-time', underKnownRules: true, reuse: 'equal', crypto: null, step: null },
  getTipset: { recovery: 'repeatable', givenUp: 'in-time', underKnownRules: false, reuse: 'equal', crypto: null, step: null },
};

/** Names in records are text: of other code they may be any. */
export function isEffectName(name: string): name is EffectName {
  return Object.hasOwn(EFFECTS, name);
}

/** The row of a name in a record; `null` for one of other code. */
export function effectRow(name: string): EffectRow | null {
  return isEffectName(name) ? EFFECTS[name] : null;
}

/**
 * What a record says was asked under this name: recorded as the machine asked it, which was compiled against the table.
 */
export function askedOf<Name extends EffectName>(_: Name, recorded: unknown): Effects[Name]['in'] {
  return recorded as Effects[Name]['in'];
}

/** What a record says came back under this name: looked at before it was recorded. */
export function answered<Name extends EffectName>(_: Name, recorded: unknown): Effects[Name]['out'] {
  return recorded as Effects[Name]['out'];
}

/** What a record is of: the one thing that came from outside (docs/architecture.md 3 and 6). */

import type { BegunEpochs } from './begun.ts';
import type { Value } from './value.ts';

/** Name of an effect: the record that asked for it and its number in there. */
export type EffectKey = readonly [seq: number, n: number];

/** The key as text, for maps and messages. */
export function effectKeyText([seq, n]: EffectKey): string {
  return `${seq}/${n}`;
}

/** What came from outside. `stream` of the record says for whom. */
export type Input =
  /**
   * A process began to write: which code it runs, and of which network the journal is; that is missing where an older
   * MineOne wrote it.
   */
  | {
      readonly type: 'opened';
      readonly machines: Uint8Array;
      readonly versions: Value;
      readonly network?: { readonly name: string; readonly genesisTimestamp: bigint };
    }
  /** An operator's word about a miner, or the first of it. */
  | { readonly type: 'miner'; readonly command: 'add' | 'remove' | 'start' | 'stop' }
  /** A stream's actor begins: an epoch, or a fate. */
  | { readonly type: 'start'; readonly machine: string; readonly input: Value }
  /** An effect's result. */
  | { readonly type: 'result'; readonly actor: string; readonly id: string; readonly key: EffectKey; readonly ok: boolean; readonly value: Value }
  /**
   * A head or a beacon entry seen, or what the chain has at the epoch of a block that would have been ours: evidence
   * for `explain` and `luck`.
   */
  | { readonly type: 'seen'; readonly what: 'head' | 'beacon' | 'block' | 'clock'; readonly value: Value }
  /** An input whose step threw; it is not folded, its miner is fenced. */
  | { readonly type: 'poison'; readonly message: string; readonly input: Value }
  /** A stream ended by the runtime and not by its machine. */
  | { readonly type: 'abandoned'; readonly why: 'upgraded' | 'upgrade-unknown' | 'poisoned' | 'stopped' }
  /** The records before `checkpoint.first` are given up: what of them is still needed. */
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint };

/** What stands for the records before `first` (docs/architecture.md 6, «Retention»). */
export interface Checkpoint {
  /** Seq of the first record that is kept. */
  readonly first: number;
  /** SHA-256 of the record before it. */
  readonly prev: Uint8Array;
  /** Sum over the rows of blocks bound before `first` that forbid others, which are all kept: of head.ts. */
  readonly slash: bigint;
  /** Streams that had not ended before `first`, by their names in order. */
  readonly streams: readonly WentOn[];
  /** Those that each miner had begun: none of them is begun again. */
  readonly begun: BegunEpochs;
}

export interface WentOn {
  readonly stream: string;
  /** Its last record before `first`, and that one's SHA-256. */
  readonly seq: number;
  readonly hash: Uint8Array;
  /** What its records before `first` amounted to; its meaning is the runtime's (retention.ts). */
  readonly state: Value;
}

/**
 * Names of the streams that records belong to, read and written here alone: `network`, `f01000`, `f01000/4211337`,
 * `f01000/4211337/fate` (docs/architecture.md 3, «Actors»).
 */

/** Of what concerns no miner in particular: late heads, absences, alarms. */
export const NETWORK = 'network';
/** Of each start: which code runs, and of which network the journal is. */
export const CODE = 'code';
/** Of checkpoints, which stand for records that retention gave up. */
export const CHECKPOINT = 'checkpoint';

/** Streams below an epoch's own: what became of its block, and a block brought out whose epoch could not go on. */
export type BelowEpoch = 'fate' | 'rescue';

/** The epoch whose stream it is, or that a stream below it is about. */
export interface EpochStream {
  readonly miner: string;
  readonly epoch: number;
  /** `f01000/4211337`, of the streams below it too. */
  readonly own: string;
  /** `fate` or `rescue`; `null` of the epoch's own stream. */
  readonly below: string | null;
}

/** `f01000/4211337`, or that of a stream below it. */
export function streamName(miner: string, epoch: number, below?: BelowEpoch): string {
  return below === undefined ? `${miner}/${epoch}` : `${miner}/${epoch}/${below}`;
}

/** What the name of a stream says; `null` where it is of no epoch. */
export function epochStream(name: string): EpochStream | null {
  const [miner = '', epoch, ...below] = name.split('/');
  return epoch === undefined ? null : { miner, epoch: Number(epoch), own: `${miner}/${epoch}`, below: below.length === 0 ? null : below.join('/') };
}

/** The miner whose stream it is, `f01000` of `f01000/4211337/fate`; `null` for those that are of none. */
export function minerOf(name: string): string | null {
  if (name === NETWORK || name === CODE || name === CHECKPOINT) return null;
  const end = name.indexOf('/');
  return end < 0 ? name : name.slice(0, end);
}

/** Whether it is a miner's own stream, `f01000`: the words said to it. */
export function isMinerStream(name: string): boolean {
  return minerOf(name) === name;
}

/** Whether it is an epoch's own stream, `f01000/4211337`. */
export function isEpochStream(name: string): boolean {
  return epochStream(name)?.below === null;
}

/** The epoch of `f01000/4211337`; `null` for any other stream, those below it too. */
export function epochOf(name: string): number | null {
  const stream = epochStream(name);
  return stream === null || stream.below !== null ? null : stream.epoch;
}

/** Whether it is the stream of what became of an epoch's block. */
export function isFateStream(name: string): boolean {
  return epochStream(name)?.below === 'fate';
}

/** Whether it is the stream of a block that is brought out after its epoch could not go on. */
export function isRescueStream(name: string): boolean {
  return epochStream(name)?.below === 'rescue';
}

/** What can be made to go wrong in the devnet, each by its name (docs/architecture.md 8). */

import { MineOneError } from '../../errors/mineone-error.ts';

/** Name → what it does, in the words of the command line's help. */
export const FAULTS = {
  'late-beacon': 'the beacon entry of an epoch comes late, sometimes too late',
  'missing-beacon': 'the beacon entry of an epoch never comes',
  reorg: 'a rival publishes a heavier chain that it kept to itself',
  equivocation: 'a rival makes two blocks in one epoch',
  'null-rounds': 'no rival mines for up to three epochs',
  'slow-head': 'the node takes long to say what its head is',
  'slow-create': 'the node takes long to make a block',
  'slow-prove': 'the proof takes long',
  'failing-prove': 'the sector cannot be read, so there is no proof',
  'slow-select': 'the node takes long to choose messages',
  'failing-call': 'calls of the node fail, most of them only once or twice',
  'lost-submit': 'a block, or the answer to it, is lost on the way to the node',
  'dropped-subscription': 'the node no longer says when its head changes: that is seen when it is next asked, three times an epoch',
  'clock-skew': "the miner's clock goes wrong by so much of an epoch, fast or slow",
  ineligible: 'a miner gets into debt or is excluded for a fault, for up to three epochs',
  'node-restart': 'the node is away for a while and comes back with its memory empty',
} as const;

export type FaultName = keyof typeof FAULTS;

export interface Fault {
  readonly name: FaultName;
  /** How likely it strikes where it can: once an epoch, or an epoch and miner; above 0, at most 1. */
  readonly rate: number;
}

/** Where no rate is given. */
export const DEFAULT_RATE = 0.25;

const RIVALS: ReadonlySet<FaultName> = new Set(['reorg', 'equivocation', 'null-rounds']);

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** Whether it is a rival that does it, so that there has to be one. */
export function needsRival({ name }: Fault): boolean {
  return RIVALS.has(name);
}

/** `NAME` or `NAME:rate`. Throws `FAULT_UNKNOWN`, which lists the names, and `FAULT_RATE`. */
export function parseFault(text: string): Fault {
  const [name = '', rate, ...rest] = text.split(':');
  const share = rate === undefined ? DEFAULT_RATE : rest.length === 0 && /^(\d+\.?\d*|\.\d+)$/.test(rate) ? Number(rate) : Number.NaN;
  return checkFault(name, share, text);
}

/**
 * A fault of this name and rate, `asked` for in these words. Throws `FAULT_UNKNOWN`, which lists the names, and
 * `FAULT_RATE`.
 */
export function checkFault(name: string, rate: number, asked: string = `${name}:${rate}`): Fault {
  if (!isFaultName(name)) throw new MineOneError('FAULT_UNKNOWN', `there is no fault ${JSON.stringify(name)}; there are ${FAULT_NAMES.join(', ')}`);
  if (!(rate > 0 && rate <= 1))
    throw new MineOneError('FAULT_RATE', `the rate of ${name} is a number above 0 and at most 1, such as ${name}:0.5; got ${asked}`);
  return { name, rate };
}

function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(FAULTS, text);
}

/** Epochs that nobody attended to, in plain words: which, why, what to change. */

import { times } from './figures.ts';
import type { Absence, Unattended } from './unattended.ts';

const WHY: Readonly<Record<Absence, string>> = {
  'not-started': 'The journal had begun no epoch of this miner by then.',
  stopped: 'An operator had stopped the miner.',
  fenced: 'A step of the miner had failed, and nobody had said yet that it may go on.',
  'not-running': 'No mineone was running; the next one began later.',
  asleep: 'mineone was running and did not hear of them: the machine slept, the process stood still, or the clock jumped.',
};

const ADVICE: Readonly<Record<Absence, string | null>> = {
  'not-started': null,
  stopped: null,
  fenced: 'see in the epoch before them which step failed, and report it.',
  'not-running': 'keep mineone running, by a service that starts it again.',
  asleep: 'keep the machine awake, and see that its clock is right.',
};

/** The story of an epoch that has no records. */
export function unattendedLines(miner: string, epoch: number, { why, from, to }: Unattended): readonly string[] {
  const advice = ADVICE[why];
  const stretch = from === to ? `Epoch ${epoch} was not begun.` : `Epochs ${from} to ${to} (${times(to - from + 1, 'epoch')}) were not begun.`;
  return [
    `${miner}, epoch ${epoch}: unattended (${why}).`,
    `${stretch} ${WHY[why]} What would have been won there nobody drew.`,
    ...(advice === null ? [] : [`What to do: ${advice}`]),
  ];
}

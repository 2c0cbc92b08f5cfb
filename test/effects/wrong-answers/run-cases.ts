/** Runs cases one after another in one life: a wrong answer in one epoch, then epochs without any. */

import { casesOf } from './cases.ts';
import { wrongLife } from './life.ts';

export interface CaseReport {
  readonly cases: number;
  /** Cases whose call was never made, in an epoch that was lost. */
  readonly unused: readonly string[];
  /** The first case after which something does not hold, and what. */
  readonly broken: readonly string[];
}

/** Every so-manieth case, from the first on. A case whose epoch is lost before its call is made is tried again. */
export async function runCases(every: number): Promise<CaseReport> {
  const life = await wrongLife('wrong answers');
  let epoch = 3;
  await life.runTo(life.beginOf(epoch - 1) + ARM_MS);
  const cases = casesOf(life).filter((_, i) => i % every === 0);
  const unused: string[] = [];
  let broken: readonly string[] = [];
  // Whether the next epochs were mined is known only when another case has begun.
  let before = { name: 'before', from: 1, to: 2 };
  const judge = (): readonly string[] => [...life.broken(), ...notMined(life.outcome, before.from, before.to)].map((what) => `${before.name}: ${what}`);
  for (const { name, call, nth, from, act, span } of cases) {
    for (let tries = 0; tries < TRIES_MAX && broken.length === 0; tries++) {
      const [begin, to] = [life.beginOf(epoch - 1) + from * 1000, life.beginOf(epoch) + Math.max(10, from - 20) * 1000];
      life.arm({ call, nth, from: begin, to, isAll: call === 'node.head', act });
      await life.runTo(life.beginOf(epoch + span - 1) + ARM_MS);
      broken = judge();
      before = { name, from: epoch, to: epoch + span };
      epoch += span;
      if (life.wasUsed()) break;
      if (tries === TRIES_MAX - 1) unused.push(name);
    }
  }
  await life.runTo(life.beginOf(epoch) + ARM_MS);
  if (broken.length === 0) broken = judge();
  await life.stop();
  return { cases: cases.length, unused, broken };
}

/** Into an epoch, when the next one has not begun its base. */
const ARM_MS = 5000;
const TRIES_MAX = 3;

/**
 * An epoch without a wrong answer, the last before `to`, is mined; no power is the whole network's, so that it may be
 * lost too.
 */
function notMined(outcome: (epoch: number) => string | undefined, epoch: number, to: number): readonly string[] {
  const calm = Array.from({ length: to - 1 - epoch }, (_, i) => outcome(epoch + 1 + i));
  const isMined = calm.length === 0 || calm.at(-1) === 'mined' || calm.at(-1) === 'lost';
  return isMined ? [] : [`epoch ${epoch} ended ${outcome(epoch)}, the next ones ${calm.join(', ')}`];
}

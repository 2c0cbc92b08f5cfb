/**
 * A process that may end between any two things it does: after that nothing of it is ever heard of again, and nothing
 * reaches it.
 */

import type { Clock } from '../../src/ports/clock.ts';
import type { Fence } from '../../src/ports/fence.ts';
import type { Node } from '../../src/ports/node.ts';
import type { Prover } from '../../src/ports/prover.ts';
import type { Signer } from '../../src/ports/signer.ts';

export interface Life {
  isAlive(): boolean;
  /** One more thing done or about to be: the last one may be this. */
  step(): void;
  /** Things done so far. */
  steps(): number;
  /** It ends of itself. */
  end(): void;
  readonly ended: Promise<void>;
}

/** `endsAt`: the how-manieth step is the last; `mayEnd` is asked then. */
export function lifeUntil(endsAt: number, mayEnd: () => boolean): Life {
  let steps = 0;
  let alive = true;
  let tell: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const end = (): void => {
    alive = false;
    tell();
  };
  return {
    isAlive: () => alive,
    steps: () => steps,
    ended,
    end,
    step() {
      if (++steps >= endsAt && alive && mayEnd()) end();
    },
  };
}

/** What a dead process waits for: each for its own, or it would be remembered for ever who waits. */
export function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}

/** A call that the process may die before, and after, hearing neither its answer nor its failure. */
export async function through<T>(life: Life, call: () => Promise<T>): Promise<T> {
  life.step();
  if (!life.isAlive()) return never();
  try {
    return await call();
  } finally {
    life.step();
    if (!life.isAlive()) await never();
  }
}

/** What is still on its way when the process dies goes no further. */
async function alive<T>(life: Life, call: () => Promise<T>): Promise<T> {
  return life.isAlive() ? call() : never();
}

type Around = <T>(life: Life, call: () => Promise<T>) => Promise<T>;

function around(how: Around, life: Life, node: Node): Node {
  return {
    ...node,
    head: (signal) => how(life, () => node.head(signal)),
    beaconEntry: (epoch, signal) => how(life, () => node.beaconEntry(epoch, signal)),
    miningBaseInfo: (miner, epoch, base, signal) => how(life, () => node.miningBaseInfo(miner, epoch, base, signal)),
    selectMessages: (base, quality, signal) => how(life, () => node.selectMessages(base, quality, signal)),
    createBlock: (template, signal) => how(life, () => node.createBlock(template, signal)),
    submitBlock: (block, signal) => how(life, () => node.submitBlock(block, signal)),
    pushMessage: (message, signal) => how(life, () => node.pushMessage(message, signal)),
    tipsetAt: (height, signal) => how(life, () => node.tipsetAt(height, signal)),
  };
}

/** The node as its wire hears it. */
export const reached = (life: Life, node: Node): Node => around(alive, life, node);

export const livingNode = (life: Life, node: Node): Node => around(through, life, node);

export const livingProver = (life: Life, prover: Prover): Prover => ({
  winningPost: (request, signal) => through(life, () => prover.winningPost(request, signal)),
});

export const livingSigner = (life: Life, signer: Signer): Signer => ({
  signVrf: (key, message, signal) => through(life, () => signer.signVrf(key, message, signal)),
});

export const livingFence = (life: Life, fence: Fence): Fence => ({ claim: (claim, signal) => through(life, () => fence.claim(claim, signal)) });

/** Those who sleep are known by their signals as before; a dead one's sleep disturbs nobody. */
export const livingClock = (life: Life, { elapsed, ...clock }: Clock): Clock => ({
  ...clock,
  until: (at, signal) => through(life, () => clock.until(at, signal)),
  ...(elapsed === undefined ? {} : { elapsed: (ms, signal) => through(life, () => elapsed(ms, signal)) }),
});

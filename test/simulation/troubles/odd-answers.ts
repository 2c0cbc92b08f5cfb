/**
 * Answers that are none: of every call of every port, now and then, text or nothing where bytes are meant, an empty
 * one, that of an epoch before, one that comes late. That one comes twice is for the instance (instance.ts).
 */

import type { Epoch } from '../../../src/chain/epoch.ts';
import type { Ports } from '../instance.ts';
import { epochNow, laterBy, mayStrike, type Trouble } from './trouble.ts';

const KINDS = ['text', 'null', 'empty', 'of another epoch', 'late', 'no failure'] as const;

type Answer = () => Promise<unknown>;

export interface Odds {
  /** Share of the calls that are answered so. */
  readonly rate: number;
  /** Nobody else mines: see `MESSAGES`. */
  readonly alone: boolean;
}

/**
 * Messages of an epoch before have every form, gas and signature of right ones; only the state of their senders, which
 * no header shows, tells that the chain has them already. A block of them is bound before a node refuses it, and a
 * bound block is never given up for another on its base: that miner waits until somebody else goes on from there. Where
 * nobody does, the chain stands for ever, whatever a producer does: such messages are given only where rivals mine.
 */
const MESSAGES = 'selectMessages';

/** A clock is no port that answers bytes: see clock-jumps.ts. */
export function oddAnswers(ports: Ports, trouble: Trouble, { rate, alone }: Odds): Ports {
  const last = new Map<string, { readonly epoch: Epoch; readonly value: unknown }[]>();
  const answered = async (name: string, answer: Answer): Promise<unknown> => {
    const value = await answer();
    const epoch = epochNow(trouble);
    const known = last.get(name) ?? [];
    // The last answer of this epoch, and of the one before it in which there was any.
    last.set(name, [...known.filter((one) => one.epoch !== epoch).slice(-1), { epoch, value }]);
    return value;
  };
  const odd = async (name: string, signal: AbortSignal, answer: Answer): Promise<unknown> => {
    if (!mayStrike(trouble) || !trouble.random.chance(rate)) return answered(name, answer);
    const kind = trouble.random.pick(KINDS);
    if (kind === 'late') {
      await trouble.clock.until(laterBy(trouble, 0.1, 2), signal);
      return answered(name, answer);
    }
    const epoch = epochNow(trouble);
    const before = last.get(name)?.find((one) => one.epoch < epoch);
    const right = await answered(name, answer);
    // What is thrown need not be an error.
    if (kind === 'no failure') throw undefined;
    if (kind === 'of another epoch') return before === undefined || (alone && name === MESSAGES) ? right : before.value;
    return kind === 'text' ? 'an answer' : kind === 'null' ? null : emptyOf(right);
  };
  return {
    ...ports,
    node: { ...ports.node, ...oddCalls(ports.node, odd) },
    signer: { ...ports.signer, ...oddCalls(ports.signer, odd) },
    prover: { ...ports.prover, ...oddCalls(ports.prover, odd) },
    fence: { ...ports.fence, ...oddCalls(ports.fence, odd) },
  };
}

/** Every call of a port ends with the signal of whoever asks; what has none, as a subscription, is no call. */
function oddCalls<Port extends object>(port: Port, odd: (name: string, signal: AbortSignal, answer: Answer) => Promise<unknown>): Port {
  const calls = Object.entries(port).map(([name, call]: [string, (...given: readonly unknown[]) => Promise<unknown>]) => [
    name,
    (...given: readonly unknown[]): Promise<unknown> => {
      const signal = given.at(-1);
      return signal instanceof AbortSignal ? odd(name, signal, () => call(...given)) : call(...given);
    },
  ]);
  return Object.fromEntries(calls) as Port;
}

function emptyOf(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(0);
  return Array.isArray(value) ? [] : {};
}

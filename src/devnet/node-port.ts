/**
 * The full node behind the node port: calls that take a turn of the event loop, a slash filter before every submit, and
 * a process that can be away (docs/protocol.md 2.14).
 */

import { asPortError, PortError } from '../errors/port-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Node } from '../ports/node.ts';
import type { FullNode } from './full-node.ts';
import type { SlashMemory } from './slash-memory.ts';

export interface NodePort {
  readonly node: Node;
  /** Fails every call until this time, in milliseconds since 1970. */
  awayUntil(at: number): void;
  /** Fails every call from now on: a world that stands still must not look like a quiet one. */
  fail(error: unknown): void;
}

/** `onHead` as the port has it. */
export function nodePort(full: FullNode, slash: SlashMemory, clock: Clock, onHead: (listener: () => void) => () => void): NodePort {
  let away = Number.NEGATIVE_INFINITY;
  let failed: { readonly error: unknown } | null = null;
  async function answer<T>(signal: AbortSignal, call: () => T): Promise<T> {
    signal.throwIfAborted();
    if (failed !== null) throw failed.error;
    if (clock.now() < away) throw new PortError('NODE_UNREACHABLE', 'connect ECONNREFUSED: the node is not running', { retryable: true });
    try {
      return call();
    } catch (error) {
      throw asPortError(error);
    }
  }
  const node: Node = {
    head: (signal) => answer(signal, () => full.chain.head()),
    beaconEntry: async (epoch, signal) => answer(signal, () => full.beacon.published(epoch, clock, signal)),
    miningBaseInfo: (miner, epoch, base, signal) => answer(signal, () => full.info(miner, epoch, full.tipset(base))),
    selectMessages: (base, _quality, signal) => answer(signal, () => full.desk.select(full.tipset(base))),
    createBlock: (template, signal) => answer(signal, () => full.create(template)),
    submitBlock: (block, signal) =>
      answer(signal, () => {
        const parent = block.header.parents[0];
        const base = parent === undefined ? undefined : full.chain.header(parent);
        if (base === undefined) throw new PortError('NODE_REJECTED', 'loading parent block: ipld: could not find it', { retryable: false });
        const witness = slash.mined(block.header, base.height);
        if (witness !== null) {
          const reason = `<!!> SLASH FILTER DETECTED FAULT due to witness ${witness}`;
          full.refuse(block, reason);
          throw new PortError('NODE_REJECTED', reason, { retryable: false });
        }
        full.take(block, 'node');
      }),
    pushMessage: (message, signal) => answer(signal, () => full.desk.push(message)),
    tipsetAt: (height, signal) => answer(signal, () => full.chain.main.lastUpTo(height)),
    onHead,
  };
  return {
    node,
    awayUntil(at) {
      away = at;
    },
    fail(error) {
      failed = { error };
    },
  };
}

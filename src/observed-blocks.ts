/**
 * What the chain has where a block of an observed epoch would be: looked up when others have built on it, and written
 * down, since nothing was made whose fate could be looked for.
 */

import { type Observable, Subscription } from 'rxjs';
import { formatAddress } from './chain/address.ts';
import { type Epoch, epochTimestamp } from './chain/epoch.ts';
import type { Tipset } from './chain/tipset.ts';
import type { NetworkParams } from './consensus/network/network.ts';
import { ANSWER_MS, answeredBy } from './effects/answer-in-time.ts';
import { standingOf } from './effects/plain.ts';
import { reachedTipset } from './effects/reached-tipset.ts';
import { MineOneError } from './errors/mineone-error.ts';
import type { JournalRecord } from './journal/format/record.ts';
import { asValue } from './journal/format/value.ts';
import type { Journal } from './journal/journal.ts';
import type { EpochOutcome } from './mining/outcome.ts';
import { NETWORK } from './mining/stream.ts';
import { pause } from './pause.ts';
import type { Clock } from './ports/clock.ts';
import type { Node } from './ports/node.ts';
import { type ObservedBlock, observedBlock } from './projections/observed-fate.ts';
import { differences, type ObservedTemplate } from './projections/reproduction.ts';
import type { Runtime } from './runtime/runtime.ts';

/** An epoch that ended. */
export interface EndedEpoch {
  readonly miner: string;
  readonly epoch: Epoch;
  readonly outcome: EpochOutcome;
}

export interface ObservedBlocksParts {
  readonly network: NetworkParams;
  readonly clock: Clock;
  readonly node: Pick<Node, 'head' | 'tipsetAt'>;
  readonly runtime: Pick<Runtime, 'idle' | 'send'>;
  /** The chain is there already, further on than the clock: it is looked at at once. */
  readonly isPast: boolean;
}

/**
 * Epochs after its own at which a block is looked for, as that of a block which was mined; and how often, an epoch
 * apart, where the node does not tell.
 */
const LOOK = 5;
const TRIES = 10;
/**
 * Records in which epochs are that ended and were not looked for when a miner was stopped: more than so many miners
 * write in so many epochs.
 */
const TAIL = 20_000;

/** Until it is unsubscribed: what is not looked for by then is taken up at the next start. */
export function keepObservedBlocks(parts: ObservedBlocksParts, ended$: Observable<EndedEpoch>, unwritten: readonly EndedEpoch[]): Subscription {
  const { runtime } = parts;
  const over = new AbortController();
  const look = lookedUp(parts, over.signal);
  const keep = async (ended: EndedEpoch): Promise<void> => {
    const tipset = await look(ended.epoch);
    const found = tipset === null ? null : observedBlockOf(ended, tipset);
    if (found === null) return;
    await runtime.idle();
    await runtime.send(NETWORK, { type: 'seen', what: 'block', value: asValue(found) });
  };
  const begin = (ended: EndedEpoch): void => void keep(ended).catch(() => undefined);
  for (const ended of unwritten) begin(ended);
  const subscription = ended$.subscribe({ next: begin, error: () => undefined });
  subscription.add(new Subscription(() => over.abort()));
  return subscription;
}

/** Epochs at the end of a journal that were not looked for; `outcomeOf` as of a record that ends one. */
export async function unwrittenIn(journal: Journal, outcomeOf: (record: JournalRecord) => EndedEpoch | null): Promise<readonly EndedEpoch[]> {
  const unwritten = new Map<string, EndedEpoch>();
  for await (const { record } of journal.records(journal.next() - TAIL)) {
    const ended = outcomeOf(record);
    if (ended !== null) unwritten.set(`${ended.miner}/${ended.epoch}`, ended);
    const seen = observedBlock(record);
    if (seen !== null) unwritten.delete(`${seen.miner}/${seen.epoch}`);
  }
  // Of what was not won there is mostly nothing to write: each start would ask for all of it again.
  const last = Math.max(...[...unwritten.values()].map(({ epoch }) => epoch));
  return [...unwritten.values()].filter(({ epoch, outcome }) => outcome.outcome === 'observed' || epoch > last - LOOK - TRIES);
}

/** Made once: every look ends so. */
const OVER = new MineOneError('LOOK_OVER', 'nobody waits for this tipset any more');

/** `null` where the node never told. Miners of one epoch share the answer. */
function lookedUp({ network, clock, node, isPast }: ObservedBlocksParts, signal: AbortSignal): (epoch: Epoch) => Promise<Tipset | null> {
  const looks = new Map<Epoch, Promise<Tipset | null>>();
  const asked = async (epoch: Epoch): Promise<Tipset> => {
    const call = new AbortController();
    const stop = (): void => call.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await answeredBy(clock, 'getTipset', clock.now() + ANSWER_MS, () =>
        isPast ? node.tipsetAt(epoch, call.signal) : reachedTipset(node, network, { height: epoch, reached: epoch + 1 }, call.signal),
      );
    } finally {
      signal.removeEventListener('abort', stop);
      // One that was not answered in time is given up: it is to end, and counts as one that hangs where it does not.
      call.abort(OVER);
    }
  };
  const look = async (epoch: Epoch): Promise<Tipset | null> => {
    if (!isPast) await clock.until(Number(epochTimestamp(network, epoch + LOOK)) * 1000, signal);
    for (let tries = 1; ; tries++) {
      try {
        return await asked(epoch);
      } catch {
        if (tries === TRIES || isPast) return null;
        await pause(clock, network.blockDelaySecs * 1000, signal);
      }
    }
  };
  return (epoch) => {
    const found = looks.get(epoch) ?? look(epoch).finally(() => looks.delete(epoch));
    looks.set(epoch, found);
    return found;
  };
}

/** Of what was won, and of what was not and yet is there; `null` for neither. */
function observedBlockOf({ miner, epoch, outcome }: EndedEpoch, tipset: Tipset): ObservedBlock | null {
  const block = tipset.height === epoch ? tipset.blocks.find((one) => formatAddress(one.miner) === miner) : undefined;
  const seen = { miner, epoch, standing: standingOf(tipset) };
  if (outcome.outcome !== 'observed') return block === undefined ? null : { ...seen, differs: [] };
  const { template } = outcome as unknown as { readonly template: ObservedTemplate };
  return { ...seen, differs: block === undefined ? [] : differences(template, block) };
}

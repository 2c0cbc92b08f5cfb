/** What a journal's last start said: which code runs, and of which network the journal is. */

import type { EpochClock } from '../../chain/epoch.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { CODE } from '../../mining/stream.ts';
import { wentOn } from '../chain/checkpoint.ts';
import type { Input } from '../format/record.ts';
import type { Value } from '../format/value.ts';
import type { Journal } from '../journal.ts';

/** What tells one network from another. */
export interface JournalNetwork extends Pick<EpochClock, 'genesisTimestamp'> {
  readonly name: string;
}

export interface Opening {
  /** SHA-256 of the code; `null` where that is not known any more. */
  readonly machines: Uint8Array | null;
  /** `null` in a journal that was begun before networks were written down. */
  readonly network: JournalNetwork | null;
}

const NOTHING: Opening = { machines: null, network: null };

export function openingOf(input: Extract<Input, { readonly type: 'opened' }>): Opening {
  return { machines: input.machines, network: (input.network ?? null) as JournalNetwork | null };
}

/** What a start writes down. */
export function openedInput({ hash, versions }: { readonly hash: Uint8Array; readonly versions: Value }, network?: JournalNetwork): Input {
  if (network === undefined) return { type: 'opened', machines: hash, versions };
  return { type: 'opened', machines: hash, versions, network: { name: network.name, genesisTimestamp: network.genesisTimestamp } };
}

/** As retention keeps it where the record is given up; a state of older journals is the hash alone. */
export function openingOfState(state: Value): Opening {
  return state instanceof Uint8Array ? { machines: state, network: null } : ((state ?? NOTHING) as unknown as Opening);
}

export async function lastOpening(journal: Pick<Journal, 'live' | 'checkpoint' | 'records'>): Promise<Opening> {
  const seq = journal.live().get(CODE)?.seq;
  if (seq === undefined) return NOTHING;
  const was = wentOn(journal.checkpoint(), CODE);
  if (was?.seq === seq) return openingOfState(was.state);
  for await (const { record } of journal.records(seq)) return record.input.type === 'opened' ? openingOf(record.input) : NOTHING;
  return NOTHING;
}

/** Of an older journal that does not say it: what its first epoch was mined by; `null` where there is none. */
async function networkMined(journal: Journal): Promise<JournalNetwork | null> {
  for await (const { record } of journal.records()) {
    if (record.input.type !== 'start' || record.input.machine !== 'epoch') continue;
    const { config } = record.input.input as { readonly config?: { readonly network?: string; readonly genesisTimestamp?: bigint } };
    if (typeof config?.network === 'string' && typeof config.genesisTimestamp === 'bigint')
      return { name: config.network, genesisTimestamp: config.genesisTimestamp };
  }
  return null;
}

/**
 * Throws `JOURNAL_NETWORK` for the journal of another network: its epochs and its rows against mining twice say nothing
 * of this one.
 */
export async function checkNetwork(journal: Journal, { name, genesisTimestamp }: JournalNetwork): Promise<void> {
  const network = (await lastOpening(journal)).network ?? (await networkMined(journal));
  if (network === null || (network.name === name && network.genesisTimestamp === genesisTimestamp)) return;
  throw new MineOneError(
    'JOURNAL_NETWORK',
    `the journal is of network ${network.name}, genesis ${network.genesisTimestamp}, and not of ${name}, genesis ${genesisTimestamp}; name another folder with --data`,
  );
}

/** Of which network a journal is: its rules in a file beside it, and whether a network that is named is that one. */

import { renameSync, writeFileSync } from 'node:fs';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { networkToJson } from '../../consensus/network/network-file.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { StoredRecord } from '../../journal/journal.ts';
import { networkFile } from '../options/data-dir.ts';

/**
 * The chain's rules and its beacon's key, as a network file: what `replay --crypto` and other tools ask for with
 * `--network`.
 */
export function keepNetwork(folder: string, network: NetworkParams): void {
  const path = networkFile(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(networkToJson(network), null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** By the genesis time that its first epoch was mined by: names are anybody's choice. Throws `NETWORK_MISMATCH`. */
export async function checkJournalNetwork(records: AsyncIterable<StoredRecord>, params: NetworkParams): Promise<void> {
  for await (const { record } of records) {
    if (record.input.type !== 'start' || record.input.machine !== 'epoch') continue;
    const { config } = record.input.input as { readonly config: { readonly network: string; readonly genesisTimestamp: bigint } };
    if (config.genesisTimestamp === params.genesisTimestamp) return;
    throw new MineOneError(
      'NETWORK_MISMATCH',
      `genesis of the journal's network ${config.network} is of ${config.genesisTimestamp}, that of network ${params.name} of ${params.genesisTimestamp}; name the right one with --network`,
    );
  }
}

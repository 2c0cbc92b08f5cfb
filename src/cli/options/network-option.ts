/**
 * `--network NAME|FILE`: the rules of a public network by its name, or of any other by a file
 * (src/consensus/network/network-file.ts).
 */

import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import type { BlockHeader } from '../../chain/block-header.ts';
import { parseJson } from '../../chain/encoding/json.ts';
import { fieldsWarning, horizonWarning } from '../../consensus/network/horizon.ts';
import type { NetworkParams } from '../../consensus/network/network.ts';
import { networkFromJson } from '../../consensus/network/network-file.ts';
import { BUTTERFLYNET, CALIBNET, devnet2k, MAINNET } from '../../consensus/network/networks.ts';
import { DecodeError, MineOneError } from '../../errors/mineone-error.ts';
import { aboutFile, EXIT_USAGE } from '../terminal/failure.ts';
import { warn } from '../terminal/warning.ts';

const PUBLIC: Readonly<Record<string, NetworkParams>> = { mainnet: MAINNET, calibnet: CALIBNET, calibrationnet: CALIBNET, butterflynet: BUTTERFLYNET };

export const PUBLIC_NETWORKS: readonly NetworkParams[] = [MAINNET, CALIBNET, BUTTERFLYNET];

/**
 * `2k` stands for a devnet of Lotus' defaults; its genesis time is that of the source. Throws a usage error for a name
 * that is neither a network nor a file.
 */
export function networkOption(nameOrFile: string): (genesis: BlockHeader | null) => NetworkParams {
  const known = PUBLIC[nameOrFile];
  if (known !== undefined) return () => known;
  if (nameOrFile === '2k') return networkOf2k;
  const fromFile = readNetworkFile(nameOrFile);
  for (const warning of [horizonWarning(fromFile), fieldsWarning(fromFile)]) if (warning !== null) warn(warning);
  return () => fromFile;
}

function networkOf2k(genesis: BlockHeader | null): NetworkParams {
  if (genesis === null)
    throw new MineOneError('NETWORK_NO_GENESIS', 'a 2k network takes its genesis time from the source, which has no genesis block; use a network file');
  return devnet2k(genesis.timestamp);
}

function readNetworkFile(path: string): NetworkParams {
  try {
    return networkFromJson(parseJson(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof DecodeError) throw new MineOneError('NETWORK_FILE', `${path}: ${error.code.startsWith('JSON_') ? 'not JSON: ' : ''}${error.message}`);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw aboutFile(error, path);
    const names = [...Object.keys(PUBLIC), '2k'].join(', ');
    throw new CommanderError(EXIT_USAGE, 'mineone.network', `--network: "${path}" is neither a network (${names}) nor a file`);
  }
}

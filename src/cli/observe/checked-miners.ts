/**
 * Whom a run mines for, looked up on the chain before it begins: a miner that is not there, or a worker whose key
 * nobody holds, would make a run in which nothing happens.
 */

import { type Address, blsAddress, formatAddress, idOf, parseAddress } from '../../chain/address.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { keyAddress } from '../../chain/state/account.ts';
import { type MinerState, readMiner } from '../../chain/state/miner.ts';
import { firstBlock } from '../../chain/tipset.ts';
import { MineOneError, MissingBlockError } from '../../errors/mineone-error.ts';
import { blocksAt, minersOf, type ObservedChain } from './observed-chain.ts';

type Chain = Pick<ObservedChain, 'view' | 'range' | 'bls'>;

/** Keys of one file, by the path it was named by. */
export interface KeyFile {
  readonly path: string;
  readonly keys: readonly Uint8Array[];
}

/**
 * Throws `MINER_UNKNOWN`, `SIGNER_KEY_MISSING`, `KEY_UNUSED`. What the source has no state for is not asked. @returns
 * those named, else all who mined on the chain.
 */
export function checkedMiners(chain: Chain, named: readonly string[], files: readonly KeyFile[]): readonly string[] {
  const names = named.length > 0 ? named : minersOf(chain);
  const held = files.map(({ path, keys }) => ({ path, addresses: keys.map((key) => formatAddress(blsAddress(chain.bls.publicKey(key)))) }));
  const all = new Set(held.flatMap(({ addresses }) => addresses));
  const workers = names.map((name) => ({ name, keys: workerKeys(chain, name) }));
  for (const { name, keys } of workers) {
    if (keys.length > 0 && !keys.some((key) => all.has(key)))
      throw new MineOneError(
        'SIGNER_KEY_MISSING',
        `the key of ${keys.join(' or ')}, worker of ${name}, is not held here; give its file with --key, or name with --miner those whose keys are`,
      );
  }
  if (workers.some(({ keys }) => keys.length === 0)) return names;
  const known = new Set(workers.flatMap(({ keys }) => keys));
  for (const { path, addresses } of held) {
    if (!addresses.some((address) => known.has(address)))
      throw new MineOneError(
        'KEY_UNUSED',
        `${path} holds the key of ${addresses.join(', ')}, which is the worker of none of ${names.join(', ')}; their workers are ${[...known].join(', ')}`,
      );
  }
  return names;
}

/**
 * Keys of its workers at the beginning and at the end of the range; none where no state tells. Throws `MINER_UNKNOWN`.
 */
function workerKeys(chain: Chain, name: string): readonly string[] {
  const { from, to } = chain.range;
  const states = [from, to].map((epoch) => minerAt(chain, epoch, parseAddress(name)));
  if (states.every((state) => state === null || state === undefined) && !hasMined(chain, name)) {
    const where = states.includes(null) ? 'it is not in its states' : 'no state of the source can be asked for it';
    throw new MineOneError('MINER_UNKNOWN', `${name} is no miner on this chain: ${where}, and it made no block from epoch ${from} to ${to}`);
  }
  const keys = states.flatMap((state) => (state === null || state === undefined ? [] : (keyAddress(state.tree, idOf(state.info.worker)) ?? [])));
  return [...new Set(keys.map((key) => formatAddress(key)))];
}

/** `null`: no such miner; `undefined`: the source has no state that tells. */
function minerAt({ view }: Chain, epoch: Epoch, miner: Address): MinerState | null | undefined {
  try {
    const tipset = view.lastUpTo(epoch);
    return readMiner(view.state(firstBlock(tipset).parentStateRoot, tipset.height).tree, idOf(miner));
  } catch (error) {
    if (error instanceof MissingBlockError) return undefined;
    throw error;
  }
}

function hasMined({ view, range }: Chain, name: string): boolean {
  for (let epoch = range.from; epoch <= range.to; epoch++) if (blocksAt(view, epoch).has(name)) return true;
  return false;
}

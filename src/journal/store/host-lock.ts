/**
 * One lock a miner in the run directory of whoever runs it: two processes of one host that mine with the same keys
 * would each bind a block of an epoch, whichever journals they write, and no journal knows of another (a folder that
 * was copied, a second `--data`).
 */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { EpochClock } from '../../chain/epoch.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { holderOf } from './holder.ts';
import { causeOf, type Lock, takeLock } from './lock.ts';

export interface HostLock {
  /**
   * Throws `MINER_HELD` where a lock was deleted and another process may have it by now. One look at the file system
   * each.
   */
  check(): void;
  /**
   * Takes again what was deleted: a run directory goes with its user's last login. Throws `MINER_HELD`,
   * `MINER_UNGUARDED`.
   */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Who locks nothing, as others see to it. */
export const NO_HOST_LOCK: HostLock = { check: () => undefined, renew: async () => undefined, release: async () => undefined };

export interface Locked {
  /** Name and genesis: a devnet's f01000 is not mainnet's. */
  readonly network: Pick<EpochClock, 'genesisTimestamp'> & { readonly name: string };
  readonly miners: readonly string[];
  /** {@link userRunDir} if not given. */
  readonly runDir?: string;
}

/**
 * Locks them all or none. Throws `MINER_HELD` naming the process that mines with the keys of one of them,
 * `MINER_UNGUARDED` where no lock can be made.
 */
export async function lockMiners({ network, miners, runDir = userRunDir() }: Locked): Promise<HostLock> {
  const locks = new Map<string, Lock>();
  let isReleased = false;
  const folderOf = (miner: string): string => join(runDir, 'miners', `${encodeURIComponent(network.name)}-${network.genesisTimestamp}-${miner}`);
  const take = async (miner: string): Promise<void> => {
    const folder = folderOf(miner);
    const lock = await takeLock(folder).catch((error: unknown) => Promise.reject(unguarded(miner, folder, error)));
    if (lock === null) throw held(miner, network.name, folder);
    lock.sign();
    locks.set(miner, lock);
  };
  const release = async (): Promise<void> => {
    isReleased = true;
    for (const lock of locks.values()) await lock.release();
  };
  try {
    for (const miner of miners) await take(miner);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    check() {
      for (const [miner, lock] of locks) if (lock.isContested()) throw held(miner, network.name, folderOf(miner));
    },
    async renew() {
      for (const [miner, lock] of [...locks]) {
        if (isReleased || lock.isHeld()) continue;
        // LevelDB gives no path twice to one process.
        await lock.release();
        await take(miner);
        if (isReleased) await release();
      }
    },
    release,
  };
}

/**
 * Where the system keeps what lives as long as a user's processes, `$XDG_RUNTIME_DIR` or `/run/user/UID`; a folder in
 * the home directory where there is none.
 */
export function userRunDir(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['XDG_RUNTIME_DIR'];
  if (given !== undefined && given !== '') return join(given, 'mineone');
  const known = `/run/user/${process.getuid?.()}`;
  return existsSync(known) ? join(known, 'mineone') : join(homedir(), '.mineone', 'run');
}

function held(miner: string, network: string, folder: string): MineOneError {
  return new MineOneError(
    'MINER_HELD',
    `${miner} of ${network} is mined by ${holderOf(folder)} already; two that mine with its keys make two blocks of an epoch, and are slashed: stop that one, or give both a fence`,
  );
}

function unguarded(miner: string, folder: string, cause: unknown): MineOneError {
  const said = causeOf(cause).message ?? (cause as Error).message;
  return new MineOneError(
    'MINER_UNGUARDED',
    `whether another process of this host mines with the keys of ${miner} cannot be seen: no lock can be made in ${folder} (${said}); name a folder of yours in XDG_RUNTIME_DIR`,
    { cause },
  );
}

/** What `createMiner` is given, held against what it must be before anything is opened. */

import type { Epoch } from '../chain/epoch.ts';
import type { MineOneError } from '../chain/error.ts';
import { hasMethods, isAmount, isWhole, type OptionCheck, optionCheck } from '../chain/option.ts';
import type { Bls } from '../consensus/bls.ts';
import { type NetworkParams, UPGRADES } from '../consensus/network.ts';
import type { Clock } from '../ports/clock.ts';
import type { Fence } from '../ports/fence.ts';
import type { Node } from '../ports/node.ts';
import type { Prover } from '../ports/prover.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';

export interface MinerOptions {
  readonly network: NetworkParams;
  /** Id addresses: `f01000`. */
  readonly miners: readonly string[];
  readonly node: Node;
  readonly signer: Signer;
  readonly prover: Prover;
  /** Who keeps several instances apart; alone, and so always granted, if not given. */
  readonly fence?: Fence;
  /** The machine's if not given. */
  readonly clock?: Clock;
  /** Folder of the journal; or a store that is open already and is closed with the miner, or who opens one, again after a batch that failed. */
  readonly dataDir?: string;
  readonly store?: Store | (() => Promise<Store>);
  /** Folder of the locks by which processes of one host see that they mine with the same keys: the user's run directory if not given. Asked where there is a `dataDir` and no `fence`. */
  readonly runDir?: string;
  /** Everything but create, bind and submit. */
  readonly observe?: boolean;
  /** Epochs that began longer than this before the last record are given up, in milliseconds; all are kept if not given. What guards against mining twice is kept always. */
  readonly keepMs?: number;
  /** No epoch after this one is begun; nor any from the height on of an upgrade that the network names and this version does not know (`UPGRADE_UNKNOWN`). */
  readonly lastEpoch?: Epoch;
  readonly bls?: Bls;
  /** Results enter in the order they were asked for: for a virtual clock (runtime/drive.ts), where a run must be the same twice. */
  readonly ordered?: boolean;
  /** Hears of what went wrong and was dealt with. */
  readonly onFault?: (fault: MineOneError) => void;
}

/** Throws `MINER_OPTION` naming the option. */
export function checkMinerOptions(options: MinerOptions): void {
  const check = optionCheck('createMiner', 'MINER_OPTION');
  const { network, miners, dataDir, runDir, keepMs, lastEpoch, onFault } = options;
  check('network', network, 'the rules of a network, such as MAINNET of mineone/consensus/networks', isWhole(network?.blockDelaySecs, 1));
  checkUpgrades(check, network);
  check('miners', miners, 'a list of id addresses, such as f01000', Array.isArray(miners) && miners.every((name) => typeof name === 'string'));
  checkPorts(check, options);
  if (dataDir !== undefined) check('dataDir', dataDir, 'the path of a folder', isPath(dataDir));
  if (runDir !== undefined) check('runDir', runDir, 'the path of a folder', isPath(runDir));
  if (keepMs !== undefined) check('keepMs', keepMs, 'milliseconds above 0', isAmount(keepMs, 0) && keepMs > 0);
  if (lastEpoch !== undefined) check('lastEpoch', lastEpoch, 'an epoch, a whole number of at least 0', isWhole(lastEpoch, 0));
  if (onFault !== undefined) check('onFault', onFault, 'a function', typeof onFault === 'function');
}

/** An upgrade that is passed over in silence would be mined past by rules that ended. */
function checkUpgrades(check: OptionCheck, { upgrades, unknownUpgrades = [] }: NetworkParams): void {
  check('network.upgrades', upgrades, 'an object with the height of each upgrade', typeof upgrades === 'object' && upgrades !== null);
  for (const [name, height] of Object.entries<unknown>(upgrades)) {
    check(`network.upgrades.${name}`, name, 'the name of an upgrade that is known (others go into unknownUpgrades)', Object.hasOwn(UPGRADES, name));
    check(`network.upgrades.${name}`, height, 'an epoch as a whole number, below 0 where it is switched off', Number.isSafeInteger(height));
  }
  for (const name of Object.keys(UPGRADES)) check(`network.upgrades.${name}`, undefined, 'the height of an upgrade', Object.hasOwn(upgrades, name));
  check('network.unknownUpgrades', unknownUpgrades, 'a list of { name, height }', Array.isArray(unknownUpgrades));
  for (const [i, upgrade] of unknownUpgrades.entries()) {
    check(`network.unknownUpgrades[${i}].name`, upgrade?.name, 'a text', typeof upgrade?.name === 'string');
    check(`network.unknownUpgrades[${i}].height`, upgrade?.height, 'an epoch as a whole number', Number.isSafeInteger(upgrade?.height));
  }
}

/** What is asked of each port, by its calls. */
const PORTS = {
  node: ['head', 'beaconEntry', 'miningBaseInfo', 'selectMessages', 'createBlock', 'submitBlock', 'tipsetAt'],
  signer: ['signVrf'],
  prover: ['winningPost'],
  fence: ['claim'],
  clock: ['now', 'until'],
} as const;

function checkPorts(check: OptionCheck, options: MinerOptions): void {
  for (const [name, methods] of Object.entries(PORTS)) {
    const port: unknown = options[name as keyof typeof PORTS];
    const isNeeded = name !== 'fence' && name !== 'clock';
    if (port !== undefined || isNeeded) check(name, port, `an object with ${methods.join(', ')} (mineone/ports/${name})`, hasMethods(port, ...methods));
  }
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

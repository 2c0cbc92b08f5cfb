/** What `createMiner` is given, held against what it must be before anything is opened. */

import { ID_ADDRESS, isListOf, isPath, isText, minerNameOf, switchRule } from '../chain/argument.ts';
import type { Epoch } from '../chain/epoch.ts';
import { type NetworkParams, UPGRADES } from '../consensus/network/network.ts';
import { BLS_CALLS, type Bls } from '../consensus/signatures/bls.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { hasMethods, isAmount, isWhole, type OptionCheck, optionCheck } from '../errors/option.ts';
import { checkOptions, needed, type OptionRule, type OptionRules, optional } from '../errors/strict.ts';
import { isStore } from '../journal/store/given-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Fence } from '../ports/fence.ts';
import type { Node } from '../ports/node.ts';
import type { Prover } from '../ports/prover.ts';
import type { Signer } from '../ports/signer.ts';
import type { Store } from '../ports/store.ts';
import type { Part } from '../replay/part.ts';

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
  /**
   * Folder of the journal; or a store that is open already and is closed with the miner, or who opens one, again after
   * a batch that failed.
   */
  readonly dataDir?: string;
  readonly store?: Store | (() => Promise<Store>);
  /**
   * Folder of the locks by which processes of one host see that they mine with the same keys: the user's run directory
   * if not given. Asked where there is a `dataDir` and no `fence`.
   */
  readonly runDir?: string;
  /** Everything but create, bind and submit. */
  readonly observe?: boolean;
  /**
   * Epochs that began longer than this before the last record are given up, in milliseconds; all are kept if not given.
   * What guards against mining twice is kept always.
   */
  readonly keepMs?: number;
  /**
   * No epoch after this one is begun; nor any from the height on of an upgrade that the network names and this version
   * does not know (`UPGRADE_UNKNOWN`).
   */
  readonly lastEpoch?: Epoch;
  readonly bls?: Bls;
  /**
   * Results enter in the order they were asked for: for a virtual clock (runtime/drive.ts), where a run must be the
   * same twice.
   */
  readonly ordered?: boolean;
  /**
   * Hears of what went wrong and was dealt with; of an upgrade that this version does not know (`UPGRADE_UNKNOWN`),
   * and, once at the start, of fields of the schedule that it does not know (`UPGRADE_FIELD_UNKNOWN`).
   */
  readonly onFault?: (fault: MineOneError) => void;
}

/** What is asked of each port, by its calls, and what it may have beside them. */
const PORTS = {
  node: [
    ['head', 'beaconEntry', 'miningBaseInfo', 'selectMessages', 'createBlock', 'submitBlock', 'tipsetAt'],
    ['headSince', 'onHead'],
  ],
  signer: [['signVrf'], []],
  prover: [['winningPost'], []],
  fence: [['claim'], []],
  clock: [['now', 'until'], ['elapsed']],
} as const;

function port(name: keyof typeof PORTS): readonly [expected: string, isGood: OptionRule['isGood']] {
  const [calls, more] = PORTS[name];
  const isGood = (value: unknown): boolean => hasMethods(value, ...calls, ...more.filter((call) => Reflect.get(value as object, call) !== undefined));
  return [`an object with ${calls.join(', ')} (mineone/ports/${name})`, (value) => hasMethods(value, ...calls) && isGood(value)];
}

const RULES: OptionRules<MinerOptions> = {
  network: needed('the rules of a network, such as MAINNET of mineone/consensus/network/networks', isNetwork),
  miners: needed('a list of one id address or more, such as f01000', (value) => isListOf(value, isText) && value.length > 0),
  node: needed(...port('node')),
  signer: needed(...port('signer')),
  prover: needed(...port('prover')),
  fence: optional(...port('fence')),
  clock: optional(...port('clock')),
  dataDir: optional('the path of a folder', isPath),
  store: optional('an open store, or a function that opens one (mineone/ports/store)', (value) => typeof value === 'function' || isStore(value)),
  runDir: optional('the path of a folder', isPath),
  observe: switchRule(),
  keepMs: optional('milliseconds above 0', (value) => isAmount(value, 0) && value > 0),
  lastEpoch: optional('an epoch, a whole number of at least 0', (value) => isWhole(value, 0)),
  bls: optional('signatures (loadBls of mineone/native/bls)', (value) => hasMethods(value, ...BLS_CALLS)),
  ordered: switchRule(),
  onFault: optional('a function', (value) => typeof value === 'function'),
};

/** Throws `MINER_OPTION` naming the option. */
export function checkMinerOptions(options: unknown): asserts options is MinerOptions {
  checkOptions<MinerOptions>('createMiner', 'MINER_OPTION', options, RULES);
  checkUpgrades(optionCheck('createMiner', 'MINER_OPTION'), options.network);
}

/**
 * Their names, `f01000` of `t01000` too. Throws `MINER_ADDRESS`, and `MINER_OPTION` where one is named twice.
 */
export function minerNames(miners: readonly string[]): readonly string[] {
  const names = miners.map((name, i) => minerName('createMiner', 'MINER_ADDRESS', `miners[${i}]`, name));
  const twice = names.findIndex((name, i) => names.indexOf(name) < i);
  if (twice >= 0) throw new MineOneError('MINER_OPTION', `createMiner: miners[${twice}]: ${names[twice]} is named twice; name each miner once`);
  return names;
}

/** `f01000` of `t01000` too; throws `code` naming the call's argument. */
export function minerName(call: string, code: string, argument: string, value: unknown): string {
  const name = minerNameOf(value);
  optionCheck(call, code)(argument, value, ID_ADDRESS, name !== null);
  return name ?? '';
}

const PART_RULES: OptionRules<Part> = {
  epoch: optional('an epoch, a whole number of at least 0', (value) => isWhole(value, 0)),
  miner: optional(ID_ADDRESS, (value) => minerNameOf(value) !== null),
};

/** The part of a journal that `miner.replay` is asked for; throws `MINER_OPTION`. */
export function replayedPart(part: unknown): Part {
  checkOptions<Part>('miner.replay', 'MINER_OPTION', part, PART_RULES);
  const { epoch, miner } = part;
  return { ...(epoch === undefined ? {} : { epoch }), ...(miner === undefined ? {} : { miner: minerNameOf(miner) ?? miner }) };
}

function isNetwork(value: unknown): boolean {
  const { name, genesisTimestamp, blockDelaySecs, propagationDelaySecs, equivocationDelaySecs } = (value ?? {}) as Partial<NetworkParams>;
  const hasTimes = isWhole(blockDelaySecs, 1) && isAmount(propagationDelaySecs, 0) && isAmount(equivocationDelaySecs, 0);
  return isText(name) && typeof genesisTimestamp === 'bigint' && hasTimes;
}

/** An upgrade that is passed over in silence would be mined past by rules that ended. */
function checkUpgrades(check: OptionCheck, { upgrades, unknownUpgrades = [], unknownFields = [] }: NetworkParams): void {
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
  const isList = Array.isArray(unknownFields) && unknownFields.every((name) => typeof name === 'string');
  check('network.unknownFields', unknownFields, 'a list of names', isList);
}

/**
 * `ForkUpgradeParams`: the heights of a network's upgrades as nodes write them, `UpgradeSmokeHeight`, those of names
 * nobody here knows among them (docs/protocol.md 4.1).
 */

import { integerOf, placed } from '../../chain/encoding/codec.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { DecodeError } from '../../errors/mineone-error.ts';
import { NEVER, NEWEST_UPGRADE, type NetworkParams, type UnknownUpgrade, UPGRADES, type UpgradeHeights, type UpgradeName, upgradeTitle } from './network.ts';

/** What a schedule of upgrades says. */
export type Schedule = Pick<NetworkParams, 'upgrades' | 'unknownUpgrades' | 'unknownFields'>;

type Heights = { readonly [key: string]: unknown };

const NAMES = Object.keys(UPGRADES) as readonly UpgradeName[];
const FIELD = /^Upgrade(.+)Height$/u;
/** What Lotus calls the upgrade after the last that has a name: Solstice until it was named, the one after it since. */
const PLACEHOLDER = 'Xx';
/** Mends of one network's state between two upgrades: no rule of a block is theirs. */
const FIXES = ['WatermelonFix', 'WatermelonFix2', 'CalibrationDragonFix', 'DragonFix', 'TockFix'];
const KNOWN: ReadonlySet<string> = new Set([...NAMES.map(upgradeTitle), ...FIXES]);
/** Fields of the schedule that are spans of epochs, and no upgrades. */
const SPANS: readonly string[] = ['BreezeGasTampingDuration', 'UpgradeTuktukPowerRampDurationEpochs'];
/** A span of tomorrow: it comes with an upgrade, which has a field of its own. */
const SPAN = /(Duration(Epochs)?|Delay|Period|Version)$/iu;

/**
 * Heights of the known upgrades, of those that are not known and not switched off, and fields that are neither. Throws
 * `DecodeError` for a height that is missing, but for those after the last that is named: a node older than this
 * version does not name them, and has none of them scheduled.
 */
export function upgradesFromJson(json: Heights, genesisVersion: number): Schedule {
  const isNamed = (name: string): boolean => json[heightField(name)] !== undefined;
  const last = NAMES.findLastIndex(isNamed);
  const unnamed = NAMES.slice(last + 1).filter((name) => genesisVersion < (UPGRADES[name] ?? NEVER));
  const next = isNamed(PLACEHOLDER) ? unnamed.find((name) => UPGRADES[name] !== null) : undefined;
  const heightOf = (name: UpgradeName): Epoch => {
    if (name === next) return heightAt(json, PLACEHOLDER);
    return unnamed.includes(name) ? NEVER : heightAt(json, name);
  };
  const upgrades = Object.fromEntries(NAMES.map((name) => [name, heightOf(name)])) as UpgradeHeights;
  const unknownUpgrades = unknownOf(json).filter(({ name, height }) => name !== PLACEHOLDER || (next === undefined && height !== upgrades[NEWEST_UPGRADE]));
  const unknownFields = fieldsNotKnown(json).filter((field) => !isUpgrade(json, field) || (!FIELD.test(field) && heightIn(json, field) < 0));
  return { upgrades, ...(unknownUpgrades.length === 0 ? {} : { unknownUpgrades }), ...(unknownFields.length === 0 ? {} : { unknownFields }) };
}

export function upgradesToJson({ upgrades, unknownUpgrades = [], unknownFields = [] }: Schedule): { readonly [key: string]: number | null } {
  const known = Object.entries(upgrades).map(([name, height]) => [heightField(name), height] as const);
  const unknown = unknownUpgrades.map(({ name, height }) => [`Upgrade${name}Height`, height] as const);
  return Object.fromEntries([...known, ...unknown, ...unknownFields.map((field) => [field, null] as const)]);
}

/** In the order of their heights. One that is switched off is no upgrade of the network. */
function unknownOf(json: Heights): readonly UnknownUpgrade[] {
  return fieldsNotKnown(json)
    .filter((field) => isUpgrade(json, field))
    .map((field) => ({ name: FIELD.exec(field)?.[1] ?? field, height: heightIn(json, field) }))
    .filter(({ height }) => height >= 0)
    .sort((a, b) => a.height - b.height);
}

function fieldsNotKnown(json: Heights): readonly string[] {
  return Object.keys(json).filter((field) => !KNOWN.has(FIELD.exec(field)?.[1] ?? '') && !SPANS.includes(field));
}

/**
 * Whether a field may be an upgrade, however it is spelled: taken for one, nothing is mined by rules that may have
 * ended; taken for none, it would.
 */
function isUpgrade(json: Heights, field: string): boolean {
  if (FIELD.test(field)) return true;
  if (SPAN.test(field)) return false;
  try {
    heightOf(json[field]);
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function heightAt(json: Heights, name: string): Epoch {
  return heightIn(json, heightField(name));
}

function heightIn(json: Heights, field: string): Epoch {
  return placed(field, () => heightOf(json[field]));
}

/**
 * A height of 64 bits. What lies beyond the epochs there can be, 2^53, counts as the last or the least of them: such a
 * height is never reached, or switched off (Forest writes -2^63), whichever of its neighbours a double took it for.
 */
function heightOf(json: unknown): Epoch {
  const isDouble = typeof json === 'number' && Number.isInteger(json) && Math.abs(json) <= 2 ** 63;
  const height = isDouble ? json : integerOf(json);
  if (typeof height === 'bigint' && BigInt.asIntN(64, height) !== height)
    throw new DecodeError('NETWORK_FILE', `expected an integer of 64 bits, got ${height}`);
  return Math.max(-NEVER, Math.min(NEVER, Number(height)));
}

/** `UpgradeSmokeHeight` */
function heightField(name: string): string {
  return `Upgrade${upgradeTitle(name)}Height`;
}

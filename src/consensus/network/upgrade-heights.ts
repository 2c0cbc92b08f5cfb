/** `ForkUpgradeParams`: the heights of a network's upgrades as nodes write them, `UpgradeSmokeHeight`, those of names nobody here knows among them (docs/protocol.md 4.1). */

import { integerOf, placed } from '../../chain/codec.ts';
import type { Epoch } from '../../chain/epoch.ts';
import { DecodeError } from '../../chain/error.ts';
import { NEVER, NEWEST_UPGRADE, type NetworkParams, type UnknownUpgrade, UPGRADES, type UpgradeHeights, type UpgradeName, upgradeTitle } from '../network.ts';

type Heights = { readonly [key: string]: unknown };

const NAMES = Object.keys(UPGRADES) as readonly UpgradeName[];
const FIELD = /^Upgrade(\w+)Height$/;
/** What Lotus calls the upgrade after the last that has a name: Solstice until it was named, the one after it since. */
const PLACEHOLDER = 'Xx';
/** Mends of one network's state between two upgrades: no rule of a block is theirs. */
const FIXES = ['WatermelonFix', 'WatermelonFix2', 'CalibrationDragonFix', 'DragonFix', 'TockFix'];
const KNOWN: ReadonlySet<string> = new Set([...NAMES.map(upgradeTitle), ...FIXES]);

/**
 * Heights of the known upgrades, and of those that are not known and not switched off. Throws `DecodeError` for a height that is missing, but for those after
 * the last that is named: a node older than this version does not name them, and has none of them scheduled.
 */
export function upgradesFromJson(json: Heights, genesisVersion: number): Pick<NetworkParams, 'upgrades' | 'unknownUpgrades'> {
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
  return unknownUpgrades.length === 0 ? { upgrades } : { upgrades, unknownUpgrades };
}

export function upgradesToJson({ upgrades, unknownUpgrades = [] }: Pick<NetworkParams, 'upgrades' | 'unknownUpgrades'>): { readonly [key: string]: number } {
  const all = [...Object.entries(upgrades), ...unknownUpgrades.map(({ name, height }) => [name, height] as const)];
  return Object.fromEntries(all.map(([name, height]) => [heightField(name), height]));
}

/** In the order of their heights. One that is switched off is no upgrade of the network. */
function unknownOf(json: Heights): readonly UnknownUpgrade[] {
  return Object.keys(json)
    .flatMap((field) => FIELD.exec(field)?.[1] ?? [])
    .filter((name) => !KNOWN.has(name))
    .map((name) => ({ name, height: heightAt(json, name) }))
    .filter(({ height }) => height >= 0)
    .sort((a, b) => a.height - b.height);
}

function heightAt(json: Heights, name: string): Epoch {
  const field = heightField(name);
  return placed(field, () => heightOf(json[field]));
}

/**
 * A height of 64 bits. What lies beyond the epochs there can be, 2^53, counts as the last or the least of them: such a height is never reached, or switched
 * off (Forest writes -2^63), whichever of its neighbours a double took it for.
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

/**
 * Where what this version knows of a network ends. Upgrades come, and a node or a network file names them before
 * MineOne does: up to the height of the first one that is not known everything is as it was; past it blocks are judged
 * on by the last rules known, each verdict marked, and none is ever mined.
 */

import type { Epoch } from '../../chain/epoch.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { NEVER, NEWEST_UPGRADE, NEWEST_VERSION, type NetworkParams, networkVersion, upgradeTitle } from './network.ts';

export interface Horizon {
  /** Last epoch of the rules that are known; -1 of a network that was born with later ones. */
  readonly height: Epoch;
  /** What comes after it: `upgrade Nova`, `network version 30`. */
  readonly what: string;
}

/** For messages: how far this version goes. */
export const NEWEST_SAID = `the newest it knows is ${upgradeTitle(NEWEST_UPGRADE)}, nv ${NEWEST_VERSION}`;

type Upgrades = Pick<NetworkParams, 'genesisVersion' | 'unknownUpgrades'>;

/** `null` of a network all of whose upgrades are known. */
export function horizonOf({ genesisVersion, unknownUpgrades = [] }: Upgrades): Horizon | null {
  if (genesisVersion > NEWEST_VERSION) return { height: -1, what: `network version ${genesisVersion}` };
  const first = unknownUpgrades.filter(({ height }) => height >= 0).sort((a, b) => a.height - b.height)[0];
  return first === undefined ? null : { height: first.height, what: `upgrade ${first.name}` };
}

/** The horizon that a block of this epoch lies beyond, if any. */
export function beyondHorizon(params: Upgrades, epoch: Epoch): Horizon | null {
  const horizon = horizonOf(params);
  return horizon !== null && epoch > horizon.height ? horizon : null;
}

/**
 * The last epoch that may be mined: before the horizon's own height, as some rules (the gas prices) change at the
 * height itself.
 */
export function lastMinedEpoch(params: Upgrades): Epoch {
  const horizon = horizonOf(params);
  return horizon === null ? NEVER : Math.max(0, horizon.height - 1);
}

/** What whoever reads such a network is told; `null` where all of it is known. */
export function horizonWarning(params: NetworkParams): MineOneError | null {
  const horizon = horizonOf(params);
  if (horizon === null) return null;
  const upgrades = (params.unknownUpgrades ?? []).map(({ name, height }) => `upgrade ${name} (epoch ${height})`);
  const unknown = horizon.height < 0 ? [`${horizon.what} from genesis on`, ...upgrades] : upgrades;
  const what = 'later epochs are judged by older rules, each verdict marked, and nothing is mined there; install a version that knows it';
  return new MineOneError('UPGRADE_UNKNOWN', `network ${params.name} has ${unknown.join(', ')}, not known to this version (${NEWEST_SAID}): ${what}`);
}

/**
 * Fields of the schedule of upgrades that say nothing to this version, and give no height from which on it would be
 * held back; `null` without any.
 */
export function fieldsWarning({ name, unknownFields = [] }: NetworkParams): MineOneError | null {
  if (unknownFields.length === 0) return null;
  const known = 'known are Upgrade…Height of each upgrade and BreezeGasTampingDuration';
  const fields = unknownFields.map((field) => JSON.stringify(field)).join(', ');
  return new MineOneError(
    'UPGRADE_FIELD_UNKNOWN',
    `the upgrades of network ${name} have fields that are not known to this version and not heard: ${fields}; ${known} (${NEWEST_SAID})`,
  );
}

/**
 * The newest upgrade that this version knows of, and its height on this network; `null` where the network was born with
 * it.
 */
export interface NewestKnown {
  /** `Solstice` */
  readonly upgrade: string;
  readonly networkVersion: number;
  readonly epoch: Epoch | null;
}

export function newestKnown({ upgrades }: NetworkParams): NewestKnown {
  const height = upgrades[NEWEST_UPGRADE];
  return { upgrade: upgradeTitle(NEWEST_UPGRADE), networkVersion: NEWEST_VERSION, epoch: height < 0 || height === NEVER ? null : height };
}

/** What verdicts over blocks of this epoch must be read with; `null` before {@link rulesNoteFrom}. */
export function rulesNote(params: NetworkParams, epoch: Epoch): string | null {
  const rules = `judged by the rules of nv ${Math.min(networkVersion(params, epoch), NEWEST_VERSION)}`;
  const horizon = beyondHorizon(params, epoch);
  if (horizon !== null) return `${rules}; ${horizon.what}${horizon.height < 0 ? '' : ` (epoch ${horizon.height})`} is not known to this version`;
  return epoch >= rulesNoteFrom(params) ? `${rules}; a later upgrade is not known to this version` : null;
}

/** The first epoch with such a note: after the newest upgrade that is known there may be one that nobody named. */
export function rulesNoteFrom(params: NetworkParams): Epoch {
  const { genesisVersion, upgrades } = params;
  const height = upgrades[NEWEST_UPGRADE];
  const newest = genesisVersion >= NEWEST_VERSION ? -1 : height < 0 ? NEVER : height;
  return Math.min(newest, horizonOf(params)?.height ?? NEVER) + 1;
}

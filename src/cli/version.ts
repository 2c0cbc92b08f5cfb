/**
 * `mineone --version`, and with `--json` what this version knows: rules end where the newest upgrade it knows of does.
 */

import { createRequire } from 'node:module';
import { newestKnown } from '../consensus/network/horizon.ts';
import { NEWEST_UPGRADE, NEWEST_VERSION, upgradeTitle } from '../consensus/network/network.ts';
import { BUTTERFLYNET, CALIBNET, MAINNET } from '../consensus/network/networks.ts';
import { toJson } from './terminal/json.ts';

const BEYOND = `a later upgrade is not known to this version: later epochs are judged by the rules of nv ${NEWEST_VERSION}, and none is mined from the height on of an upgrade that a network names and this version does not know`;

/** The version in package.json, found by the package's own name, so from src and from dist alike. */
export function version(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)('mineone/package.json');
  return manifest.version;
}

/** Whether it is `--version --json`, in either order. */
export function isVersionJson(args: readonly string[]): boolean {
  return args.length === 2 && args.includes('--version') && args.includes('--json');
}

/** The newest upgrade known, and its epoch on the public networks. */
export function versionJson(): string {
  const epochs = Object.fromEntries([MAINNET, CALIBNET, BUTTERFLYNET].map((params) => [params.name, newestKnown(params).epoch]));
  return `${toJson({ type: 'version', version: version(), upgrade: upgradeTitle(NEWEST_UPGRADE), networkVersion: NEWEST_VERSION, epochs, beyond: BEYOND })}\n`;
}

/** Figures as people read them in stories. */

/** `12 s`, `0.250 s` of milliseconds. */
export const secs = (ms: number): string => `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 3)} s`;

export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** `1 block`, `2 blocks` */
export const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** `10 TiB`, `1.5 PiB` of bytes. */
export function bytesText(bytes: bigint): string {
  let unit = 0;
  let tenths = bytes * 10n;
  for (; tenths >= 10_240n && unit < UNITS.length - 1; tenths /= 1024n) unit++;
  return `${tenths % 10n === 0n ? tenths / 10n : Number(tenths) / 10} ${UNITS[unit]}`;
}

/** Epochs that were asked for where none is, told with those that there are. */

import type { Epoch } from './epoch.ts';

/** `there is no epoch from 9999 on: the source holds epochs 0 to 368; choose --from and --to among them`. */
export function rangeFault(holder: string, held: { readonly from: Epoch; readonly to: Epoch }, from: Epoch | undefined, to: Epoch | undefined): string {
  return `there is no epoch ${askedText(from, to)}: ${holder} holds epochs ${held.from} to ${held.to}; choose --from and --to among them`;
}

function askedText(from: Epoch | undefined, to: Epoch | undefined): string {
  if (from !== undefined && to !== undefined) return `from ${from} to ${to}`;
  return from !== undefined ? `from ${from} on` : `up to ${to}`;
}

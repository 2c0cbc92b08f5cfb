/** Which blocks are still asked for: those that links lead to from where a chain is still looked at. */

import { CID, CODEC_DAG_CBOR } from '../../chain/encoding/cid.ts';
import type { GetBlock } from '../../chain/ipld/block-store.ts';
import { type CborValue, decodeCborValue } from '../../chain/ipld/cbor-value.ts';

/** Adds to `found` every block that the source holds and links lead to from `roots`, these among them. */
export function addReachable(get: GetBlock, roots: Iterable<CID>, found: Set<string>): void {
  const left = [...roots];
  for (let cid = left.pop(); cid !== undefined; cid = left.pop()) {
    const key = cid.toString();
    const bytes = found.has(key) || cid.code !== CODEC_DAG_CBOR ? undefined : get(cid);
    if (bytes === undefined) continue;
    found.add(key);
    addLinks(decodeCborValue(bytes), left);
  }
}

function addLinks(value: CborValue, links: CID[]): void {
  if (value instanceof CID) links.push(value);
  else if (Array.isArray(value)) for (const item of value as readonly CborValue[]) addLinks(item, links);
}

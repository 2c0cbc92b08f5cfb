/**
 * RLP, the encoding that Ethereum transactions are signed in (Ethereum Yellow Paper, appendix B); encoding alone, as
 * nothing here reads it.
 */

import { concatBytes, fromUintBE } from '../../chain/encoding/bytes.ts';

export type RlpItem = Uint8Array | readonly RlpItem[];

const STRING = 0x80;
const LIST = 0xc0;

export function encodeRlp(item: RlpItem): Uint8Array {
  if (!(item instanceof Uint8Array)) {
    const content = concatBytes(...item.map(encodeRlp));
    return concatBytes(head(LIST, content.length), content);
  }
  const [first] = item;
  const isItsOwnCode = item.length === 1 && first !== undefined && first < STRING;
  return isItsOwnCode ? item : concatBytes(head(STRING, item.length), item);
}

/** An integer >= 0 as RLP has it: big-endian without leading zeros, nothing for 0. */
export function rlpInteger(value: bigint): Uint8Array {
  return fromUintBE(value);
}

/** Lengths up to 55 go into the code itself, longer ones follow it in as many bytes as they need. */
function head(code: number, length: number): Uint8Array {
  if (length <= 55) return Uint8Array.of(code + length);
  const size = fromUintBE(BigInt(length));
  return concatBytes(Uint8Array.of(code + 55 + size.length), size);
}

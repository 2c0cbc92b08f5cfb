/** The checksum of LevelDB's tables against published vectors (src/journal/store/level-tables.ts). */

import { expect, it } from 'vitest';
import { fromUtf8 } from '../../src/chain/encoding/bytes.ts';
import { crc32c } from '../../src/journal/store/level-tables.ts';

it.each([
  ['32 zeros (RFC 3720 B.4)', new Uint8Array(32), 0x8a9136aa],
  ['32 ones (RFC 3720 B.4)', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31 (RFC 3720 B.4)', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['123456789', fromUtf8('123456789'), 0xe3069283],
])('CRC-32C of %s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});

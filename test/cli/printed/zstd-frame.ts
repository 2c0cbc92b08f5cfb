/**
 * A zstd frame that compresses nothing: Node 20 reads no zstd and writes none, and a snapshot must be one for the
 * commands that name it (RFC 8878 3.1.1).
 */

const BLOCK_MAX = 128 * 1024;

/** Window of 128 kB, no checksum, no content size; the content in raw blocks. */
export function zstdFrame(content: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38)];
  for (let at = 0; at < content.length || at === 0; at += BLOCK_MAX) {
    const block = content.subarray(at, at + BLOCK_MAX);
    const isLast = at + BLOCK_MAX >= content.length;
    const head = (block.length << 3) | (isLast ? 1 : 0);
    parts.push(Uint8Array.of(head & 0xff, (head >> 8) & 0xff, head >> 16), block);
  }
  return Buffer.concat(parts);
}

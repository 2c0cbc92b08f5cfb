/**
 * Bytes in the making, for whoever writes CBOR: one growing buffer of its own, so that a writer inside another's call
 * spoils nothing.
 */

import { fromUtf8 } from './bytes.ts';

const CAPACITY = 256;
const HEAD_MAX = 9;
/** A call costs more than a few bytes: keys are two or three. */
const COPIED_BY_HAND = 24;
/** Longer texts go faster through an encoder. */
const TEXT_BY_HAND = 96;

export class ByteWriter {
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** `capacity`: bytes that it takes before it grows. */
  constructor(capacity = CAPACITY) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes that were written. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that it takes before it grows. */
  get capacity(): number {
    return this.#buffer.length;
  }

  /** Takes back all that was written from an offset on. */
  cut(offset: number): void {
    this.#length = offset;
  }

  /** A copy of what was written from an offset on. */
  written(from = 0): Uint8Array {
    return this.#buffer.slice(from, this.#length);
  }

  /** The same without a copy: true until more is written, or less. */
  view(from = 0): Uint8Array {
    return this.#buffer.subarray(from, this.#length);
  }

  byte(byte: number): void {
    const at = this.#length;
    if (at === this.#buffer.length) this.#grow(1);
    this.#buffer[at] = byte;
    this.#length = at + 1;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.#length;
    const { length } = bytes;
    if (at + length > this.#buffer.length) this.#grow(length);
    const buffer = this.#buffer;
    if (length > COPIED_BY_HAND) buffer.set(bytes, at);
    else for (let i = 0; i < length; i++) buffer[at + i] = bytes[i] as number;
    this.#length = at + length;
  }

  /** CBOR's shortest head, of a safe integer from 0 on. */
  head(major: number, argument: number): void {
    const at = this.#length;
    if (at + HEAD_MAX > this.#buffer.length) this.#grow(HEAD_MAX);
    const buffer = this.#buffer;
    const m = major << 5;
    if (argument < 24) {
      buffer[at] = m | argument;
      this.#length = at + 1;
    } else if (argument < 0x100) {
      buffer[at] = m | 24;
      buffer[at + 1] = argument;
      this.#length = at + 2;
    } else this.#longHead(m, argument);
  }

  #longHead(m: number, argument: number): void {
    const at = this.#length;
    if (argument < 0x10000) {
      this.#buffer[at] = m | 25;
      this.#view.setUint16(at + 1, argument);
      this.#length = at + 3;
    } else if (argument < 0x100000000) {
      this.#buffer[at] = m | 26;
      this.#view.setUint32(at + 1, argument);
      this.#length = at + 5;
    } else {
      this.#buffer[at] = m | 27;
      this.#view.setUint32(at + 1, Math.floor(argument / 0x100000000));
      this.#view.setUint32(at + 5, argument >>> 0);
      this.#length = at + 9;
    }
  }

  /** 8 bytes, most significant first. */
  uint64(value: bigint): void {
    if (this.#length + 8 > this.#buffer.length) this.#grow(8);
    this.#view.setBigUint64(this.#length, value);
    this.#length += 8;
  }

  /** 8 bytes, IEEE 754, most significant first. */
  float64(value: number): void {
    if (this.#length + 8 > this.#buffer.length) this.#grow(8);
    this.#view.setFloat64(this.#length, value);
    this.#length += 8;
  }

  /** A head with the length, then the bytes. */
  bytes(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length);
    this.raw(bytes);
  }

  /** The same of a text in UTF-8; one of ASCII, which names, keys and states are, without a detour. */
  text(major: number, text: string): void {
    if (text.length > TEXT_BY_HAND || !this.#ascii(major, text)) this.bytes(major, fromUtf8(text));
  }

  #ascii(major: number, text: string): boolean {
    const start = this.#length;
    const { length } = text;
    this.head(major, length);
    const at = this.#length;
    if (at + length > this.#buffer.length) this.#grow(length);
    const buffer = this.#buffer;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        this.#length = start;
        return false;
      }
      buffer[at + i] = code;
    }
    this.#length = at + length;
    return true;
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + more));
    grown.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/**
 * The short forms of a record's fields: back as they were, and one form for each (src/journal/format/record-fields.ts,
 * src/journal/format/address-text.ts).
 */

import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { blsAddress, formatAddress } from '../../src/chain/address.ts';
import { concatBytes, fromUtf8, toHex } from '../../src/chain/encoding/bytes.ts';
import { recordKey, SEQ_END, seqOfKey, streamKey, streamOfKey } from '../../src/journal/format/keys.ts';
import { decodeRecord, encodeRecord, type Input, type JournalRecord } from '../../src/journal/format/record.ts';
import { inputOf, streamFields, streamOf } from '../../src/journal/format/record-fields.ts';
import { decodeValue, encodeValue, type Value } from '../../src/journal/format/value.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const INPUTS: readonly Input[] = [
  { type: 'opened', machines: new Uint8Array(32), versions: { xstate: '5' } },
  { type: 'miner', command: 'add' },
  { type: 'start', machine: 'epoch', input: { epoch: 1 } },
  { type: 'result', actor: 'election', id: 'signVrf', key: [3, 1], ok: false, value: { code: 'X' } },
  { type: 'seen', what: 'head', value: null },
  { type: 'poison', message: 'a bug', input: null },
  { type: 'abandoned', why: 'stopped' },
  {
    type: 'checkpoint',
    checkpoint: {
      first: 1,
      prev: new Uint8Array(32),
      slash: 0n,
      streams: [],
      begun: {
        f01000: [
          [1, 5],
          [105, 105],
        ],
      },
    },
  },
];
const stream = fc.oneof(
  fc.constantFrom('network', 'code', 'f01000', 'f01000/', 'f01000/04', 'f00/0', 'f01000/1/', 'f01/2/3', 'f099999999999999999999/1', 't01000/4'),
  fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('', '/fate', '/deliver', '/fate/x')).map(([miner, epoch, below]) => `f0${miner}/${epoch}${below}`),
  fc.string(),
);

describe('a record', () => {
  test.prop([fc.constantFrom(...INPUTS), stream, hash, fc.option(hash), fc.boolean()])('is what it was', (input, name, prev, other, isSame) => {
    const back = isSame ? prev : other;
    const record: JournalRecord = { v: 1, seq: 7, prev, back, at: 5, stream: name, input, steps: [], binds: [], outcome: null };
    expect(decodeRecord(encodeRecord(record))).toEqual(record);
  });

  test.prop([stream])('of a stream has one form', (name) => {
    expect(streamOf(streamFields(name))).toBe(name);
  });

  it.each([['f01000/4'], [[1000, '4']], [[1000]], [[1000, 4, '']], [[-1, 4]], [[1000, 4.5]], [7], [null]] as [Value][])(
    'is refused of the stream %j',
    (written) => {
      expect(() => streamOf(written)).toThrowError(expect.objectContaining({ code: 'JOURNAL_RECORD' }));
    },
  );

  it.each([[['start', 'epoch']], [['start', 'epoch', null, null]], [['toString']], [['begun', 1]], [[]], ['start'], [null]] as [Value][])(
    'is refused with the input %j',
    (written) => {
      expect(() => inputOf(written)).toThrowError(expect.objectContaining({ code: 'JOURNAL_RECORD' }));
    },
  );

  it('that names the record before it twice is refused', () => {
    const prev = new Uint8Array(32).fill(1);
    const fields: Value = [1, 0, prev, prev, 0, 'code', ['miner', 'add'], [], [], null];
    expect(() => decodeRecord(encodeValue(fields))).toThrowError(expect.objectContaining({ code: 'JOURNAL_RECORD' }));
  });
});

describe('an address of a BLS key', () => {
  const key = Uint8Array.from({ length: 48 }, (_, i) => i);
  const text = formatAddress(blsAddress(key));

  it('is its key, wherever it stands', () => {
    expect(encodeValue(text)).toHaveLength(51);
    for (const value of [text, [text, text], { [text]: text }] as Value[]) expect(decodeValue(encodeValue(value))).toEqual(value);
    for (const other of [`t${text.slice(1)}`, `${text.slice(0, -1)}!`, text.toUpperCase(), `${text.slice(0, -1)}${text.endsWith('a') ? 'b' : 'a'}`])
      expect(decodeValue(encodeValue(other))).toBe(other);
  });

  it('has no other form', () => {
    const letters = concatBytes(Uint8Array.of(0x78, 86), fromUtf8(text));
    expect(() => decodeValue(letters)).toThrowError(expect.objectContaining({ code: 'VALUE_WORD' }));
    expect(() => decodeValue(Uint8Array.of(0xc7, 0x41, 1))).toThrowError(expect.objectContaining({ code: 'VALUE_ADDRESS' }));
  });
});

describe('a key', () => {
  test.prop([fc.nat({ max: SEQ_END - 1 })])('keeps its seq and the order of seqs', (seq) => {
    expect(seqOfKey(recordKey(seq))).toBe(seq);
    expect(streamOfKey(streamKey('f01000/5', seq))).toEqual({ stream: 'f01000/5', seq });
    expect(toHex(recordKey(seq)) < toHex(recordKey(seq + 1))).toBe(true);
  });
});

/**
 * Templates to blocks: the recorded MinerCreateBlock calls of a real node, and every block of a real chain taken apart
 * and made again.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadBls } from '../../native/bls.ts';
import { idAddress } from '../../src/chain/address.ts';
import { blockCid } from '../../src/chain/block-header.ts';
import { blockMessage } from '../../src/chain/block-message.ts';
import { fromHex } from '../../src/chain/encoding/bytes.ts';
import { decode, encode } from '../../src/chain/encoding/codec.ts';
import { blockOfTemplate, blockTemplate, signHeader } from '../../src/consensus/block-template.ts';
import { sharedData, suiteName } from '../shared-data.ts';

const { bls } = loadBls();
const recording = sharedData('cassette/01-lotus-miner.jsonl.gz');

interface Call {
  readonly template: unknown;
  readonly answer: unknown;
}

/** MinerCreateBlock calls that were answered, paired by connection and id. */
function createBlockCalls(path: string): readonly Call[] {
  const asked = new Map<string, unknown>();
  const calls: Call[] = [];
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    if (!line.includes('"jsonrpc"')) continue;
    const { c, json } = JSON.parse(line);
    const id = `${c}/${json?.id}`;
    if (json?.method === 'Filecoin.MinerCreateBlock') asked.set(id, json.params[0]);
    else if (asked.has(id) && json?.result !== undefined) {
      calls.push({ template: asked.get(id), answer: json.result });
      asked.delete(id);
    }
  }
  return calls;
}

const keys: { readonly keys: Readonly<Record<string, { readonly privateKeyHexLittleEndian: string }>> } = JSON.parse(
  readFileSync(new URL('../cassette/devnet-worker-key.json', import.meta.url), 'utf8'),
);

describe.skipIf(recording.absent)(suiteName('block templates of a recorded Lotus', recording.absent), () => {
  const calls = recording.absent ? [] : createBlockCalls(recording.path);

  it('were recorded with messages and without', () => {
    expect(calls.length).toBeGreaterThan(100);
    expect(calls.some(({ template }) => ((template as { Messages: unknown[] | null }).Messages?.length ?? 0) > 1)).toBe(true);
  });

  it('give the blocks Lotus gave, byte for byte, signature included', () => {
    for (const call of calls) {
      const template = blockTemplate.fromJson(call.template);
      const lotus = blockMessage.fromJson(call.answer);
      const { parentStateRoot: stateRoot, parentMessageReceipts: receiptsRoot, parentWeight: weight, parentBaseFee: baseFee } = lotus.header;
      const ours = blockOfTemplate(bls, template, { stateRoot, receiptsRoot, weight, baseFee });
      const key = keys.keys[(call.template as { Miner: string }).Miner]?.privateKeyHexLittleEndian as string;
      const signed = { ...ours, header: signHeader(bls, fromHex(key), ours.header) };
      expect(encode(blockMessage, signed)).toEqual(encode(blockMessage, lotus));
      expect(blockCid(signed.header)).toEqual(blockCid(lotus.header));
    }
  });

  it('come back from their own bytes', () => {
    for (const call of calls) {
      const template = blockTemplate.fromJson(call.template);
      expect(decode(blockTemplate, encode(blockTemplate, template))).toEqual(template);
    }
  });
});

it('a template of 10,000 messages has bytes: as many parts as no call takes as arguments', () => {
  const f01000 = idAddress(1000);
  const plain = { version: 0n, to: f01000, from: f01000, value: 1n, gasLimit: 1n, gasFeeCap: 1n, gasPremium: 1n, method: 0n, params: new Uint8Array(0) };
  const signature = { type: 1 as const, data: new Uint8Array(65) };
  const messages = Array.from({ length: 10_000 }, (_, i) => ({ message: { ...plain, nonce: BigInt(i) }, signature }));
  const vrfProof = new Uint8Array(96);
  const template = {
    miner: f01000,
    parents: [],
    ticket: { vrfProof },
    electionProof: { winCount: 1, vrfProof },
    beaconEntries: [],
    messages,
    epoch: 1,
    timestamp: 1n,
    winPoStProof: [],
  };
  expect(decode(blockTemplate, encode(blockTemplate, template))).toEqual(template);
});

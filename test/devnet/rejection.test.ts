/**
 * The devnet is a fair judge: a real Lotus chain's blocks pass, and what Lotus refused is refused in its words
 * (../shared/data/cassette 03-errors).
 */

import { beforeAll, describe, expect, it } from 'vitest';
import { idAddress } from '../../src/chain/address.ts';
import { type BlockHeader, blockCid } from '../../src/chain/block-header.ts';
import type { BlockMessage } from '../../src/chain/block-message.ts';
import { signHeader } from '../../src/consensus/block-template.ts';
import { messageBook } from '../../src/devnet/messages/message-book.ts';
import { rejectionOf } from '../../src/devnet/rejection.ts';
import { ABSENT } from '../audit/fixtures/devnet.ts';
import type { RecordedBlock } from '../recorded-chains.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type Submitted, submittedBlocks, templateMessages } from './fixtures/lotus-errors.ts';
import { type RecordedJudge, recordedJudge } from './fixtures/recorded-judge.ts';

const { path, absent } = sharedData('cassette/03-errors.jsonl.gz');
const LATE = 4_000_000_000n;
const VALIDATING = 'sync to submitted block failed: collectChain failed: collectChain syncMessages: message processing failed: validating block';

let recorded: RecordedJudge;

beforeAll(async () => {
  recorded = await recordedJudge();
});

/** As the devnet's node answers, but for its slash filter. */
function answerTo({ block, now }: Pick<Submitted, 'block' | 'now'>): string | null {
  const { header } = block;
  try {
    messageBook(recorded.table).admit(block);
  } catch (error) {
    return (error as Error).message;
  }
  if (header.ticket === null) return `somehow failed to make a tipset out of a single block: block ${blockCid(header)} has nil Ticket`;
  const reason = rejectionOf(recorded.judgeAt(now), header);
  return reason === null ? null : `${VALIDATING} ${blockCid(header)}: ${reason}`;
}

describe('a recorded chain of Lotus', () => {
  it('passes: every ninth block of it here, all of them in the slow test', () => {
    const some = recorded.blocks.filter((_, i) => i % 9 === 0);
    expect(some.flatMap(({ header }) => rejectionOf(recorded.judgeAt(LATE), header) ?? [])).toEqual([]);
    expect(some.length).toBeGreaterThan(60);
  });

  it('has no block before its time, and none on another base or state', () => {
    const { header } = recorded.blocks[60] as RecordedBlock;
    const base = recorded.devnet.judge.view.tipset(header.parents);
    const judge = recorded.judgeAt(header.timestamp - 2n);
    expect(rejectionOf(judge, header)).toBe(`block was from the future (now=${header.timestamp - 2n}, blk=${header.timestamp}): temporal error`);
    expect(rejectionOf(recorded.judgeAt(header.timestamp - 1n), header)).toBeNull();
    expect(refusalOf(header, { height: 2 })).toBe(`block height not greater than parent height: 2 != ${base.height}`);
    expect(refusalOf(header, { parentMessageReceipts: ABSENT })).toContain(`parent receipts root did not match computed value (${ABSENT} != `);
    expect(refusalOf(header, { miner: idAddress(999) }, header.miner)).toContain("minerIsValid failed: miner isn't valid");
  });
});

/** Of a header changed and signed again by the same worker. */
function refusalOf(header: BlockHeader, change: Partial<BlockHeader>, signer = header.miner): string | null {
  const { judge, keys } = recorded.devnet;
  return rejectionOf(recorded.judgeAt(LATE), signHeader(judge.bls, keys.of(signer), { ...header, ...change }));
}

describe.skipIf(absent)(suiteName('blocks that were submitted to Lotus', absent), () => {
  const cases = absent === false ? submittedBlocks(path) : [];
  /** What no check of a block can say: bytes of an own kind behind a CID, and the node's memory of other blocks. */
  const others = ['loading parent block', 'failed to load bls messages', '<!!> SLASH FILTER'];
  const judged = cases.filter(({ refused }) => refused !== null && !others.some((text) => refused.startsWith(text)));

  beforeAll(() => {
    for (const signed of absent === false ? templateMessages(path) : []) messageBook(recorded.table).keep(signed);
  });

  it.for(judged)('refused in its words: $line', (submitted) => {
    expect(answerTo(submitted)).toBe(submitted.refused);
  });

  it('taken where it took them', () => {
    const taken = cases.filter(({ refused }) => refused === null);
    expect(taken.map((submitted) => [submitted.line, answerTo(submitted)])).toEqual(taken.map(({ line }) => [line, null]));
  });

  it('every kind of refusal is among them', () => {
    expect(judged.length).toBeGreaterThanOrEqual(24);
    expect(cases.length - judged.length).toBeGreaterThanOrEqual(8);
  });

  it('a message that is not here is named', () => {
    const { block } = cases.find(({ refused }) => refused?.startsWith('failed to load bls messages')) as Submitted;
    const strange: BlockMessage = { ...block, blsMessages: [ABSENT] };
    expect(answerTo({ block: strange, now: LATE })).toContain(`failed to load bls messages: failed to get message: (${ABSENT})`);
  });
});

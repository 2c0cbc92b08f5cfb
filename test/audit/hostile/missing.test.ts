/**
 * Chains with a block missing, audited whole: what stands on it is not checkable and says so; so is a block that its
 * child names and nobody has.
 */

import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockReport } from '../../../src/audit/report/block-report.ts';
import type { BlockHeader } from '../../../src/chain/block-header.ts';
import { type CID, parseCid } from '../../../src/chain/encoding/cid.ts';
import { type AuditRun, verdictOf } from '../fixtures/audit-run.ts';
import {
  CHECKED,
  headed,
  headerIn,
  judging,
  keyAt,
  reportOf,
  type ShortChain,
  type Store,
  shortChain,
  shortChainTo46,
  turned,
  without,
} from '../fixtures/hostile-car.ts';

const outcome = judging();
let made: ShortChain;
let chain: Store;
let head: BlockHeader;
beforeAll(async () => {
  made = await shortChainTo46();
  chain = made.chain;
  head = made.head;
}, 60_000);

const reportOn = (store: Store, from?: number): Promise<AuditRun> => reportOf(outcome(store, from));

function turnedIn(run: AuditRun): readonly (readonly [number, Readonly<Record<string, string>>])[] {
  return run.blocks.map((block) => [block.epoch, turned(block)] as const).filter(([, checks]) => Object.keys(checks).length > 0);
}

const unknown = (checks: readonly string[]) => Object.fromEntries(checks.map((check) => [check, 'not-checkable']));
/** What a header says alone needs no base. */
const ON_A_BASE = CHECKED.filter((check) => check !== 'form' && check !== 'header-cid');
const OF_MESSAGES = ['messages-root', 'message-inclusion', 'senders', 'bls-aggregate', 'message-signatures'];

describe('a chain with nothing missing', () => {
  it('is right, so that what follows is not', async () => {
    const run = await reportOn(chain);
    expect(turnedIn(run)).toEqual([]);
    expect(run.blocks.map(({ epoch }) => epoch)).toEqual([43, 43, 44, 44, 45, 45, 46]);
  });
});

describe('a block that is missing', () => {
  it.each([0, 1])('one of a tipset of two (%d): it is not checkable and says which, the other is judged, and what stands on them cannot be', async (which) => {
    const cid = keyAt(chain, 44)[which] as CID;
    const run = await reportOn(without(chain, cid));
    const absent = run.blocks.find((block) => block.cid === cid.toString()) as BlockReport;
    expect(verdictOf(absent, 'header-cid')).toEqual({ verdict: 'not-checkable', missing: `block ${cid} is not in the source` });
    expect(turned(absent)).toEqual(unknown(CHECKED));
    expect(turnedIn(run).map(([epoch]) => epoch)).toEqual([44, 45, 45]);
    for (const block of run.blocks.filter(({ epoch }) => epoch === 45)) expect(turned(block)).toEqual(unknown(ON_A_BASE));
    expect(run.summary.wrongBlocks).toBe(0);
  });

  it('the only one of a tipset: the chain begins above it', async () => {
    const cid = keyAt(chain, 46)[0] as CID;
    const above = headed(without(chain, ...keyAt(chain, 45)), head);
    const run = await reportOn(above, 0);
    expect(run.chain).toEqual({ first: 46, head: 46, tipsets: 1 });
    expect(run.blocks.map((block) => [block.cid, turned(block)])).toEqual([[cid.toString(), unknown(ON_A_BASE)]]);
    expect(run.summary.wrongBlocks).toBe(0);
  });

  it('a message: its block’s messages cannot be judged, nor the base fee on it', async () => {
    const run = await reportOn(without(chain, made.message));
    const holding = run.blocks.filter((block) => turned(block)['message-inclusion'] !== undefined);
    expect(holding.map(({ cid: text }) => text)).toContain(made.holder.toString());
    // The CIDs of the messages are there, and their root.
    for (const block of holding) expect(turned(block)).toEqual(unknown(OF_MESSAGES.filter((check) => check !== 'messages-root')));
    for (const block of run.blocks.filter(({ epoch }) => epoch === 45)) expect(turned(block)).toEqual(unknown(['base-fee']));
    expect(run.summary.wrongBlocks).toBe(0);
    const missing = { verdict: 'not-checkable', missing: `message ${made.message} is not in the source` };
    expect(verdictOf(holding[0] as BlockReport, 'senders')).toEqual(missing);
  });

  it('a MsgMeta: the same', async () => {
    const meta = headerIn(chain, made.holder).messages;
    const run = await reportOn(without(chain, meta));
    const holding = run.blocks.filter(
      ({ epoch, checks }) => epoch === 44 && checks.some(({ verdict }) => verdict.verdict === 'not-checkable' && /MsgMeta/.test(verdict.missing)),
    );
    expect(holding.length).toBeGreaterThan(0);
    for (const block of holding) expect([turned(block), block.messages]).toEqual([unknown(OF_MESSAGES), null]);
    expect(run.summary.wrongBlocks).toBe(0);
  });

  it('a state root: an earlier state is used, and named', async () => {
    const root = headerIn(chain, keyAt(chain, 45)[0] as CID).parentStateRoot;
    const run = await reportOn(without(chain, root));
    const onIt = run.blocks.filter(({ epoch }) => epoch === 46).map((block) => verdictOf(block, 'parent-weight'));
    expect(onIt).toEqual([{ verdict: 'ok', instead: 'power of epoch 43, state before 45 not in the source' }]);
    expect(run.summary.wrongBlocks).toBe(0);
    // What senders have sent since then makes the earlier state disagree: no proof of anything.
    expect(turnedIn(run).every(([epoch, checks]) => epoch === 45 && Object.keys(checks).join() === 'senders')).toBe(true);
  });

  it('the lookback state: nothing that needs powers and workers can be judged, all else is: a claim counts only with a lookback', async () => {
    const genesis = headerIn(chain, keyAt(chain, 0)[0] as CID).parentStateRoot;
    const run = await reportOn(without(chain, genesis));
    for (const block of run.blocks) {
      expect(turned(block)).toEqual(unknown(['minimum-power', 'election-vrf', 'win-count', 'ticket-vrf', 'winning-post', 'block-signature']));
      expect(block.lambda).toBeNull();
    }
    expect(run.summary.miners.every(({ expected }) => expected === null)).toBe(true);
  });

  it('each node of a state in its turn: a report, never wrong', { timeout: 60_000 }, async () => {
    const before = shortChain(made.devnet, 44);
    const fresh = [...chain.blocks.keys()].filter((cid) => !before.blocks.has(cid)).map(parseCid);
    const headers = new Set([...chain.roots, ...keyAt(chain, 45)].map(String));
    let judged = 0;
    for (const cid of fresh.filter((one) => !headers.has(one.toString()))) {
      const run = await reportOn(without(chain, cid), 46);
      expect([cid.toString(), run.summary.wrongBlocks]).toEqual([cid.toString(), 0]);
      judged++;
    }
    expect(judged).toBeGreaterThan(20);
  });
});

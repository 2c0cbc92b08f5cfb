/** Seals: what a journal rewritten whole does not stand up to; and what is said when the anchor is not there. */

import { generateKeyPairSync } from 'node:crypto';
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSealed, checkSignature, parseSeal, sealOf, signSeal } from '../../../src/journal/guard/seal.ts';
import { type Journal, openJournal } from '../../../src/journal/journal.ts';
import { openLevelStore } from '../../../src/journal/store/level-store.ts';
import { memoryStore } from '../../../src/journal/store/memory-store.ts';
import { verifyJournal } from '../../../src/journal/verify.ts';
import { retain } from '../../../src/replay/retention.ts';
import { MACHINES } from '../../runtime/fixtures/run-epochs.ts';
import { smallMiner } from '../../runtime/fixtures/small-miner.ts';
import { bindOne } from '../fixtures/bound.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const AT = Date.UTC(2026, 10, 30);
const mainnet = { name: 'mainnet', genesisTimestamp: 1_598_306_400n };

async function journalOf(...epochs: readonly number[]): Promise<Journal> {
  const journal = await openJournal(memoryStore());
  for (const epoch of epochs) await bindOne(journal, epoch);
  return journal;
}

function pemPair(type: 'ed25519' | 'ed448' = 'ed25519'): { readonly key: string; readonly by: string } {
  const { privateKey, publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ed448');
  return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, by: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

describe('a seal', () => {
  it('is held by the journal it is of, as that grows, and by no other that verifies as well', async () => {
    const journal = await journalOf(2, 4);
    const seal = sealOf(journal, mainnet, AT);
    expect(seal).toMatchObject({ seq: 1, at: '2026-11-30T00:00:00.000Z', network: 'mainnet 1598306400', signed: null });
    await checkSealed(journal, seal);
    await bindOne(journal, 6);
    await checkSealed(journal, parseSeal(JSON.stringify(seal)));
    // Rewritten whole, by somebody who needs no key for that: it verifies.
    const forged = await journalOf(2, 8, 10);
    await verifyJournal(forged.store);
    await expect(checkSealed(forged, seal)).rejects.toMatchObject({ code: 'SEAL_BROKEN', message: expect.stringContaining('record 1') });
    await expect(checkSealed(await journalOf(2), seal)).rejects.toMatchObject({ code: 'SEAL_BROKEN', message: expect.stringContaining('ends at 0') });
    expect(() => sealOf({ synced: () => -1, headHash: () => new Uint8Array(32) }, null, AT)).toThrow(expect.objectContaining({ code: 'SEAL_EMPTY' }));
  });

  it('says so where retention gave its record up', async () => {
    const store = memoryStore();
    const { miner, runTo } = await smallMiner({ store });
    await miner.start();
    await runTo(6);
    const seals = [sealOf(miner.journal(), null, AT)];
    await miner.stop();
    const journal = await openJournal(store);
    const all: { seq: number; hash: string }[] = [];
    for await (const { record, hash } of journal.records()) all.push({ seq: record.seq, hash: Buffer.from(hash).toString('hex') });
    await retain(journal, {
      machines: MACHINES,
      keep: { epoch: 4 },
      async write(input) {
        journal.add({ at: 0, stream: 'checkpoint', input, steps: [], binds: [], outcome: null });
        await journal.flush();
        return true;
      },
    });
    const { first } = journal.checkpoint();
    expect(first).toBeGreaterThan(2);
    const sealAt = (seq: number) => ({ ...(seals[0] as ReturnType<typeof sealOf>), ...(all[seq] as (typeof all)[number]) });
    for (const seq of [first - 1, first, first + 1]) await checkSealed(journal, sealAt(seq));
    await expect(checkSealed(journal, { ...sealAt(first - 1), hash: '0'.repeat(64) })).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await expect(checkSealed(journal, sealAt(first - 2))).rejects.toMatchObject({ code: 'SEAL_PRUNED' });
  });

  it('is signed, and each change of it is found; a forger has another key', async () => {
    const [own, other] = [pemPair(), pemPair()];
    const seal = sealOf(await journalOf(2), mainnet, AT);
    const signed = signSeal(seal, own.key);
    expect(checkSignature(signed, own.by)).toMatch(/^[0-9a-f]{64}$/);
    expect(checkSignature(signed)).toBe(checkSignature(signed, own.by));
    expect(checkSignature(seal)).toBeNull();
    expect(() => checkSignature(seal, own.by)).toThrow(expect.objectContaining({ code: 'SEAL_SIGNATURE' }));
    expect(() => checkSignature(signSeal(seal, other.key), own.by)).toThrow(expect.objectContaining({ code: 'SEAL_SIGNATURE' }));
    const changes = [{ seq: 7 }, { hash: 'ab'.repeat(32) }, { at: '2026-12-01T00:00:00.000Z' }, { network: 'calibrationnet 1' }];
    for (const change of changes) expect(() => checkSignature({ ...signed, ...change }, own.by), Object.keys(change)[0]).toThrow(/not of what the seal says/);
    const swapped = { key: (signSeal(seal, other.key).signed as NonNullable<typeof signed.signed>).key, signature: signed.signed?.signature as string };
    expect(() => checkSignature({ ...signed, signed: swapped })).toThrow(expect.objectContaining({ code: 'SEAL_SIGNATURE' }));
  });

  it('takes no other kind of key, and no other text', async () => {
    const seal = sealOf(await journalOf(2), mainnet, AT);
    for (const key of ['', 'not a key', pemPair('ed448').key, pemPair().by])
      expect(() => signSeal(seal, key)).toThrow(expect.objectContaining({ code: 'SEAL_KEY' }));
    const wrong = [{ v: 2 }, { seq: -1 }, { seq: '1' }, { hash: 'ab' }, { at: 1 }, { network: null }, { signed: {} }];
    for (const change of wrong) expect(() => parseSeal(JSON.stringify({ ...seal, ...change }))).toThrow(expect.objectContaining({ code: 'SEAL_FORMAT' }));
    for (const text of ['', '{', 'null', '[]']) expect(() => parseSeal(text)).toThrow(expect.objectContaining({ code: 'SEAL_FORMAT' }));
  });
});

describe('a journal whose anchor', () => {
  it.each(['is missing', 'is empty', 'was never written'])('%s is opened with a warning, each time', async (what) => {
    const folder = temporaryFolder();
    const first = await openJournal(await openLevelStore(folder));
    expect(first.warnings).toEqual([]);
    await bindOne(first, 2);
    await first.close();
    for (let i = 0; i < 2; i++) {
      if (what === 'is missing') rmSync(join(folder, 'anchor'));
      else truncateSync(join(folder, 'anchor'), 0);
      if (what === 'was never written') truncateSync(join(folder, 'anchor'), 65);
      const journal = await openJournal(await openLevelStore(folder));
      expect(journal.warnings).toMatchObject([{ code: 'ANCHOR_MISSING', message: expect.stringMatching(/ends at record 0.*older copy/) }]);
      expect((await verifyJournal({ ...journal.store, anchor: () => undefined })).warnings).toHaveLength(1);
      await journal.close();
    }
    const whole = await openJournal(await openLevelStore(folder));
    expect(whole.warnings).toEqual([]);
    await whole.close();
  });

  it('is missing is told to whoever hears of faults', async () => {
    const [folder, runDir] = [temporaryFolder(), temporaryFolder()];
    for (const faults of [[], ['ANCHOR_MISSING']]) {
      const mining = await smallMiner({ dataDir: folder, runDir });
      expect(mining.faults.map(({ code }) => code)).toEqual(faults);
      await mining.miner.start();
      await mining.miner.stop();
      rmSync(join(folder, 'anchor'));
    }
  });
});

/** A made chain end to end: written to a CAR file and audited as any other. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAudit } from '../../../src/audit/audit.ts';
import type { BlockReport } from '../../../src/audit/report/block-report.ts';
import { writeCar } from '../../../src/chain/car/car.ts';
import type { CID } from '../../../src/chain/encoding/cid.ts';
import { signedBlocks } from '../sealed-block.ts';
import type { MadeChain } from './chain.ts';

export interface MadeAudit {
  readonly blocks: number;
  /** `2000 win-count`: epochs and checks, those aside that nobody can make who executes no messages. */
  readonly wrong: readonly string[];
  readonly notCheckable: readonly string[];
  /** Ok by another state than the one asked for. */
  readonly instead: readonly string[];
}

/** What an audit of these epochs says of the signed blocks; the file lacks the blocks of these CIDs. */
export async function auditMade(chain: MadeChain, from: number, to: number, leftOut: readonly CID[] = []): Promise<MadeAudit> {
  const folder = mkdtempSync(join(tmpdir(), 'mineone-made-'));
  try {
    const path = join(folder, 'chain.car');
    const blocks = [...chain.blocks()].filter(({ cid }) => !leftOut.some((other) => other.equals(cid)));
    writeFileSync(path, Buffer.concat([...writeCar(chain.head().tipset.key, blocks)]));
    const audit = await openAudit(path, { network: () => chain.params, from, to, tempDir: folder });
    const reports: BlockReport[] = [];
    for await (const report of audit.reports()) reports.push(...report.blocks);
    await audit.close();
    return summed(chain, reports);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summed(chain: MadeChain, reports: readonly BlockReport[]): MadeAudit {
  const signed = new Set(signedBlocks(chain).map(({ cid }) => cid.toString()));
  const judged = reports.filter(({ cid }) => signed.has(cid));
  const results = judged.flatMap(({ epoch, checks }) => checks.map(({ check, verdict }) => ({ name: `${epoch} ${check}`, check, verdict })));
  const named = (of: (result: (typeof results)[number]) => boolean): readonly string[] => results.filter(of).map(({ name }) => name);
  return {
    blocks: judged.length,
    wrong: named(({ verdict }) => verdict.verdict === 'wrong'),
    notCheckable: named(({ check, verdict }) => verdict.verdict === 'not-checkable' && check !== 'state-root' && check !== 'receipts-root'),
    instead: named(({ verdict }) => verdict.verdict === 'ok' && verdict.instead !== undefined),
  };
}

/** What a worker of an audit does: hashes a range of the file, or judges a stretch of the chain. */

import { randomBytes } from 'node:crypto';
import { loadBls } from '../../native/bls.ts';
import { rememberedProvingSets } from '../chain/state/proving-set.ts';
import type { NetworkParams } from '../consensus/network/network.ts';
import type { Judge } from '../consensus/validation/round.ts';
import { judgeInBatches } from './batch.ts';
import { type CarHandle, type CarReader, openHandle } from './car/car-file-reader.ts';
import { type CarRange, type RangeReport, verifySections } from './car/car-file-verify.ts';
import type { ChainTable } from './chain/chain-table.ts';
import { tableView } from './chain/table-view.ts';
import { rememberingBls, rememberingRecovery } from './remember.ts';
import type { StretchReport } from './report/block-report.ts';
import { judgeStretch, type Stretch } from './stretch.ts';

export interface JudgeTask extends Stretch {
  /** Of the audit: files of one path and size may be two, and one may be judged by the rules of two networks. */
  readonly id: number;
  readonly handle: CarHandle;
  readonly table: ChainTable;
  readonly params: NetworkParams;
}

let opened: { readonly id: number; readonly reader: CarReader; readonly judge: Judge } | undefined;

export function verifyRange(range: CarRange): RangeReport {
  return verifySections(range, loadBls().beside.blake2b256);
}

export function judgeTask(task: JudgeTask): StretchReport {
  const { table } = task;
  const judge = judgeOf(task);
  // In JavaScript a batch costs what its parts do.
  if (judge.bls.name === 'noble') return judgeStretch(judge, table, task);
  return judgeInBatches(judge, table, task, () => randomBytes(SALT_LENGTH));
}

const SALT_LENGTH = 32;

/** A judge over the file; kept for the next task of the same audit. */
function judgeOf({ id, handle, table, params }: JudgeTask): Judge {
  if (opened?.id === id) return opened.judge;
  opened?.reader.close();
  const reader = openHandle(handle);
  const { bls, beside } = loadBls();
  const judge = {
    params,
    view: tableView(reader.get, table),
    bls: rememberingBls(bls),
    recoverSecp256k1: rememberingRecovery(beside.recoverSecp256k1),
    provingSets: rememberedProvingSets(),
  };
  opened = { id, reader, judge };
  return judge;
}

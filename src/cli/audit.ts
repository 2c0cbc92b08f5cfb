/** `mineone audit`: re-runs past epochs of a real chain from a CAR file (product.md, «Command line»). */

import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { MineOneError } from '../chain/error.ts';
import { aboutFile } from './failure.ts';
import { interruption } from './interrupt.ts';

interface AuditOptions {
  readonly network: string;
  readonly from?: number;
  readonly to?: number;
  readonly miner?: readonly string[];
  readonly json?: true;
}

export function auditCommand(): Command {
  return new Command('audit')
    .description('re-run past epochs of a chain from a CAR file: every rule for every block')
    .argument('<SOURCE>', 'CAR file, plain or compressed with gzip or zstd; - reads it from standard input')
    .option('--network <NAME|FILE>', 'mainnet, calibnet, butterflynet, or a network file', 'mainnet')
    .option('--from <EPOCH>', 'first epoch to judge', parseEpoch)
    .option('--to <EPOCH>', 'last epoch to judge', parseEpoch)
    .option('--miner <ADDRESS>', 'judge only the blocks of this miner (repeatable)', (address: string, all: readonly string[] = []) => [...all, address])
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  mineone audit mainnet.car --from 0 --to 39')
    .action(audit);
}

function parseEpoch(text: string): number {
  const epoch = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(epoch)) throw new InvalidArgumentError('An epoch is a whole number, 0 or more.');
  return epoch;
}

async function audit(source: string, _options: AuditOptions): Promise<void> {
  const stream = source === '-' ? process.stdin : createReadStream(source);
  interruption.addEventListener('abort', () => stream.destroy());
  let size = 0;
  try {
    for await (const chunk of stream) size += chunk.length;
  } catch (error) {
    throw aboutFile(error, source);
  }
  throw new MineOneError('AUDIT_MISSING', `read ${size} bytes of ${source}, but cannot judge them yet`);
}

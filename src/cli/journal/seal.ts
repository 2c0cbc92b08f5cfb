/**
 * `mineone journal seal` and `verify --sealed`: the journal's end written down elsewhere, and held against it later
 * (docs/journal.md, «Seals»).
 */

import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { lastOpening } from '../../journal/guard/opening.ts';
import { checkSealed, checkSignature, parseSeal, type Seal, sealOf, signSeal } from '../../journal/guard/seal.ts';
import { openJournal } from '../../journal/journal.ts';
import { verifyJournal } from '../../journal/verify.ts';
import type { Store } from '../../ports/store.ts';
import { dataOption } from '../options/data-dir.ts';
import { aboutFile } from '../terminal/failure.ts';
import { toJson } from '../terminal/json.ts';
import { quoted } from '../terminal/pasted.ts';
import { say } from '../terminal/say.ts';
import { withStore } from './open-journal.ts';

interface SealOptions {
  readonly key?: string;
  readonly out?: string;
  readonly data: string;
  readonly json?: true;
}

export function sealCommand(): Command {
  return new Command('seal')
    .description('verify the journal and write its last hash to a seal: with a seal kept elsewhere, nobody can change the journal unseen')
    .option('--key <FILE>', 'PEM file of an Ed25519 private key that signs the seal; never a key that mines')
    .option('--out <FILE>', 'file to write; standard output if not given')
    .addOption(dataOption())
    .option('--json', 'print one JSON document with the seal in it')
    .addHelpText(
      'after',
      '\nKeep the seal where the machine that mines cannot write. `mineone journal verify --sealed` compares the journal with it later.\n\nExample:\n  mineone journal seal --key seal.pem --out /mnt/elsewhere/2026-11-30.seal --data ~/.mineone/devnet',
    )
    .action(({ key, out, data, json }: SealOptions) =>
      withStore(data, async (store) => {
        await verifyJournal(store);
        const journal = await openJournal(store);
        const { network } = await lastOpening(journal);
        const seal = sealOf(journal, network, Date.now());
        const signed = key === undefined ? seal : signSeal(seal, textOf(key));
        const text = `${JSON.stringify(signed, null, 2)}\n`;
        if (out !== undefined) keep(out, text);
        if (json) process.stdout.write(`${toJson({ type: 'seal', file: out ?? null, seal: signed })}\n`);
        else if (out === undefined) process.stdout.write(text);
        else say([`Wrote ${quoted(out)}`]);
      }),
    );
}

/** Whole or not at all. */
function keep(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { flush: true });
  renameSync(`${path}.new`, path);
}

export interface SealChecked {
  readonly file: string;
  readonly seal: Seal;
  /** SHA-256 of the key that signed it; `null` for none. */
  readonly key: string | null;
}

/** Holds a whole journal against its seals. Throws `SEAL_BROKEN`, `SEAL_PRUNED`, `SEAL_SIGNATURE`, `SEAL_FORMAT`. */
export async function checkSeals(store: Store, files: readonly string[], by: string | undefined): Promise<readonly SealChecked[]> {
  if (files.length === 0) return [];
  const journal = await openJournal(store);
  const checked: SealChecked[] = [];
  for (const file of files) {
    const seal = parseSeal(textOf(file));
    const key = checkSignature(seal, by === undefined ? undefined : textOf(by));
    await checkSealed(journal, seal);
    checked.push({ file, seal, key });
  }
  return checked;
}

export function sealText({ file, seal: { seq, at }, key }: SealChecked, by: string | undefined): string {
  const whose = key === null ? 'not signed' : by === undefined ? `signed by the key ${key}; name the one you trust with --by` : 'signed by the key named';
  return `Sealed: record ${seq} is the one of ${file}, of ${at}, ${whose}.`;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw aboutFile(error, path);
  }
}

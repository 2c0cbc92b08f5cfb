/**
 * `mineone key`: local worker keys, encrypted at rest; Lotus' wallet-export format in and out (docs/commands.md,
 * «Command line»).
 */

import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { loadBls } from '../../native/bls.ts';
import { decryptKey, encryptKey, listKeys, loadKey, saveKey } from '../adapters/key-file.ts';
import { walletExport } from '../adapters/wallet-export.ts';
import { blsAddress, formatAddress, parseAddress } from '../chain/address.ts';
import { DecodeError } from '../errors/mineone-error.ts';
import { dataOption, keysDir } from './options/data-dir.ts';
import { keysOfFile } from './options/key-source.ts';
import { passphrase } from './options/passphrase.ts';
import { toJson } from './terminal/json.ts';

interface KeyOptions {
  readonly data: string;
  readonly json?: true;
}

export function keyCommand(): Command {
  const command = new Command('key')
    .description('keep worker keys on this machine, encrypted')
    .addHelpText('after', '\nExample:\n  mineone key import worker.key');
  for (const sub of [generateCommand(), importCommand(), exportCommand(), listCommand()]) command.addCommand(sub);
  return command;
}

function generateCommand(): Command {
  return keyed('generate', 'make a new BLS key and print its address')
    .addHelpText('after', `${FROM_ENVIRONMENT}\n\nExample:\n  mineone key generate`)
    .action(async ({ data, json }: KeyOptions) =>
      print([keep(data, loadBls().bls.keygen(new Uint8Array(randomBytes(32))), await passphrase({ again: true }))], json),
    );
}

function importCommand(): Command {
  return keyed('import', 'add a key: from a Lotus export or keystore file, a key file of MineOne, or a list of test keys')
    .argument('<FILE>', 'file with the key; - reads it from standard input')
    .addHelpText('after', `${FROM_ENVIRONMENT}\n\nExample:\n  lotus wallet export f3… | mineone key import -`)
    .action(async (file: string, { data, json }: KeyOptions) => {
      const keys = await keysOfFile(file);
      const secret = await passphrase({ again: true });
      print(
        keys.map((key) => keep(data, key, secret)),
        json,
      );
    });
}

function exportCommand(): Command {
  return keyed('export', 'print a private key as `lotus wallet import` reads it')
    .argument('<ADDRESS>', 'address of the key: f3…', keyAddress)
    .addHelpText('after', `${FROM_ENVIRONMENT}\n\nExample:\n  mineone key export f3… > worker.key`)
    .action(async (address: string, { data, json }: KeyOptions) => {
      const exported = walletExport(decryptKey(loadKey(keysDir(data), address), await passphrase({ again: false })));
      process.stdout.write(`${json ? toJson({ type: 'key', address, export: exported }) : exported}\n`);
    });
}

function listCommand(): Command {
  return keyed('list', 'print the addresses whose keys are here')
    .addHelpText('after', '\nExample:\n  mineone key list')
    .action(({ data, json }: KeyOptions) => print(listKeys(keysDir(data)), json));
}

function keyAddress(text: string): string {
  try {
    return formatAddress(parseAddress(text));
  } catch (error) {
    if (error instanceof DecodeError) throw new InvalidArgumentError(`It is no address: ${error.message}.`);
    throw error;
  }
}

const FROM_ENVIRONMENT = '\nMineOne asks for the passphrase, or takes it from MINEONE_PASSPHRASE.';

function keyed(name: string, description: string): Command {
  return new Command(name).description(description).addOption(dataOption()).option('--json', 'print one JSON document');
}

/** @returns the key's address. */
function keep(data: string, privateKey: Uint8Array, secret: string): string {
  const address = formatAddress(blsAddress(loadBls().bls.publicKey(privateKey)));
  saveKey(keysDir(data), encryptKey(address, privateKey, secret));
  return address;
}

function print(addresses: readonly string[], json: true | undefined): void {
  if (json) process.stdout.write(`${toJson({ type: 'keys', keys: addresses })}\n`);
  else for (const address of addresses) process.stdout.write(`${address}\n`);
}

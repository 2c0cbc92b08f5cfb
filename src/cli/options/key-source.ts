/**
 * Private keys from a file of any of the kinds there are: a key file of MineOne, what Lotus exports or keeps in its
 * keystore, a devnet's list of test keys; `-` is standard input.
 */

import { readFileSync } from 'node:fs';
import { decryptKey, encryptedKeyOf } from '../../adapters/key-file.ts';
import { keysOfJson, privateKeyOf, walletImport } from '../../adapters/wallet-export.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import { aboutFile } from '../terminal/failure.ts';
import { passphrase } from './passphrase.ts';

/** 32 bytes each, little-endian; `unlock` gives the passphrase when one is needed. */
export async function keysOfFile(path: string, unlock: () => Promise<string> = () => passphrase({ again: false })): Promise<readonly Uint8Array[]> {
  const text = readText(path).trim();
  try {
    if (!text.startsWith('{')) return [walletImport(text)];
    const read = JSON.parse(text) as { readonly keys?: unknown };
    if (typeof read.keys === 'object' && read.keys !== null) return Object.values(read.keys).map(listedKey);
    return keysOfJson(read) ?? [decryptKey(encryptedKeyOf(read), await unlock())];
  } catch (error) {
    if (error instanceof MineOneError) throw new MineOneError(error.code, `${path}: ${error.message}`);
    throw new MineOneError(
      'KEY_FORMAT',
      `${path}: expected a key file of MineOne, a key of Lotus (\`wallet export\`, json-lotus, gfc-json), or a devnet's list of keys`,
    );
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw aboutFile(error, path);
  }
}

function listedKey(entry: unknown): Uint8Array {
  const { privateKeyHexLittleEndian: hex, privateKeyBase64: base64 } = entry as {
    readonly privateKeyHexLittleEndian?: string;
    readonly privateKeyBase64?: string;
  };
  return hex !== undefined ? privateKeyOf(hex, 'hex') : privateKeyOf(base64 ?? '', 'base64');
}

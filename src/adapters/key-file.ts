/**
 * Private keys at rest: one file a key, encrypted with XChaCha20-Poly1305 under a key that scrypt makes of the
 * passphrase; readable by their owner alone.
 */

import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { argumentCheck, isBytes, isPath, isText } from '../chain/argument.ts';
import { fromHex, fromUtf8, toHex } from '../chain/encoding/bytes.ts';
import { MineOneError } from '../errors/mineone-error.ts';
import { isFolder, makeFolder } from '../folder.ts';

/** About a third of a second and 128 MiB a guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 } as const;
const SCRYPT_N_MAX = 2 ** 20;
const SALT_LENGTH = 32;
const NONCE_LENGTH = 24;
const KEY_LENGTH = 32;
const OWNER_ONLY = 0o600;

export interface EncryptedKey {
  readonly v: 1;
  /** `f3…`: what the key signs for; bound to the ciphertext, so that files cannot be swapped. */
  readonly address: string;
  readonly scrypt: { readonly N: number; readonly r: number; readonly p: number; readonly salt: string };
  readonly nonce: string;
  readonly ciphertext: string;
}

/** Throws `CALL_ARGUMENT`; it never shows a key or a passphrase. */
export function encryptKey(address: string, privateKey: Uint8Array, passphrase: string): EncryptedKey {
  const check = argumentCheck('encryptKey');
  check('address', address, 'the address of a key, f3…', isAddressOfKey(address));
  check('privateKey', kindOf(privateKey), `${KEY_LENGTH} bytes`, isBytes(privateKey) && privateKey.length === KEY_LENGTH);
  checkPassphrase('encryptKey', passphrase);
  const [salt, nonce] = [new Uint8Array(randomBytes(SALT_LENGTH)), new Uint8Array(randomBytes(NONCE_LENGTH))];
  const key = scrypt(fromUtf8(passphrase.normalize('NFKC')), salt, { ...SCRYPT, dkLen: KEY_LENGTH });
  const ciphertext = xchacha20poly1305(key, nonce, fromUtf8(address)).encrypt(privateKey);
  return { v: 1, address, scrypt: { ...SCRYPT, salt: toHex(salt) }, nonce: toHex(nonce), ciphertext: toHex(ciphertext) };
}

/**
 * Throws `KEY_PASSPHRASE` when it does not open: the passphrase is another, or the file was altered, which nobody can
 * tell apart.
 */
export function decryptKey(key: EncryptedKey, passphrase: string): Uint8Array {
  const { address, scrypt: cost, nonce, ciphertext } = encryptedKeyOf(key);
  checkPassphrase('decryptKey', passphrase);
  const { N, r, p, salt } = cost;
  if (N > SCRYPT_N_MAX || r !== SCRYPT.r || p !== SCRYPT.p)
    throw new MineOneError('KEY_FORMAT', `the key file of ${address} asks for scrypt with N=${N}, r=${r}, p=${p}, which no MineOne wrote`);
  const secret = scrypt(fromUtf8(passphrase.normalize('NFKC')), fromHex(salt), { N, r, p, dkLen: KEY_LENGTH });
  try {
    return xchacha20poly1305(secret, fromHex(nonce), fromUtf8(address)).decrypt(fromHex(ciphertext));
  } catch {
    throw new MineOneError('KEY_PASSPHRASE', `the key of ${address} does not open: the passphrase is another one, or the file was altered`);
  }
}

/** Throws `KEY_EXISTS` for an address that has a file: a key is never written over. */
export function saveKey(folder: string, key: EncryptedKey): string {
  checkFolder('saveKey', folder);
  const { address } = encryptedKeyOf(key);
  argumentCheck('saveKey')('key.address', address, 'the address of a key, f3…', isAddressOfKey(address));
  makeFolder(folder, 0o700);
  const path = join(folder, `${address}.json`);
  try {
    writeFileSync(path, `${JSON.stringify(key, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new MineOneError('KEY_EXISTS', `${path} is there already; it holds the same address`, { cause: error });
    throw error;
  }
  return path;
}

/** Addresses that have a file in the folder; none when there is no folder. Throws `FOLDER_IS_FILE`. */
export function listKeys(folder: string): readonly string[] {
  checkFolder('listKeys', folder);
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^f3[a-z2-7]+\.json$/.test(name))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** Throws `KEY_MISSING`, `KEY_FORMAT`, `FOLDER_IS_FILE`. */
export function loadKey(folder: string, address: string): EncryptedKey {
  checkFolder('loadKey', folder);
  argumentCheck('loadKey')('address', address, 'the address of a key, f3…', isText(address) && address !== '');
  isFolder(folder);
  try {
    return encryptedKeyOf(JSON.parse(readFileSync(join(folder, `${address}.json`), 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MineOneError('KEY_MISSING', `no key of ${address} in ${folder}; see \`mineone key list\``, { cause: error });
    if (error instanceof SyntaxError) throw new MineOneError('KEY_FORMAT', `the key file of ${address} is not JSON`, { cause: error });
    throw error;
  }
}

/** Throws `KEY_FORMAT` for what is not one of our files. */
export function encryptedKeyOf(value: unknown): EncryptedKey {
  const { v, address, scrypt: cost, nonce, ciphertext } = (value ?? {}) as Partial<EncryptedKey>;
  const texts = [address, nonce, ciphertext, cost?.salt].every((text) => typeof text === 'string');
  if (v !== 1 || !texts || typeof cost?.N !== 'number') throw new MineOneError('KEY_FORMAT', 'expected a key file of MineOne, version 1');
  return value as EncryptedKey;
}

/** As a file is named by it. */
function isAddressOfKey(value: unknown): boolean {
  return isText(value) && /^f3[a-z2-7]+$/.test(value);
}

function checkFolder(call: string, folder: unknown): void {
  argumentCheck(call)('folder', folder, 'the path of a folder', isPath(folder));
}

function checkPassphrase(call: string, passphrase: unknown): void {
  argumentCheck(call)('passphrase', kindOf(passphrase), 'a text', isText(passphrase));
}

/** Of what must not be shown. */
function kindOf(value: unknown): string {
  return isBytes(value) ? `${value.length} bytes` : value === null ? 'null' : typeof value;
}

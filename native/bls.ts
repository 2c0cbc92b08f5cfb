/**
 * Which make of {@link Bls} this process uses: the addon over blst if it is built and proves itself, else JavaScript,
 * and why (README, «Native addon»).
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Bls } from '../src/consensus/signatures/bls.ts';
import { nobleBls } from '../src/consensus/signatures/noble.ts';
import { MineOneError } from '../src/errors/mineone-error.ts';
import { optionCheck } from '../src/errors/option.ts';
import { type Beside, besideOf, IN_JAVASCRIPT } from './beside.ts';
import type { BlsAddon } from './bls-addon.ts';
import { nativeBls } from './bls-addon.ts';

export type BlsChoice = 'auto' | 'native' | 'noble';

const CHOICES: readonly BlsChoice[] = ['auto', 'native', 'noble'];

export interface LoadedBls {
  readonly bls: Bls;
  /** Of the same make. */
  readonly beside: Beside;
  /** Why the addon is not used although it may be, and what to do; null when there is nothing to say. */
  readonly note: string | null;
}

/** An addon that gave its known answers. */
interface Proven {
  readonly addon: BlsAddon;
  readonly beside: Beside;
}

/** An addon file was found, or none; if it cannot be used, why not. */
interface Attempt {
  readonly proven: Proven | null;
  readonly reason: string;
}

const ADDON = `mineone-bls.${process.platform}-${process.arch}.node`;
const REMEDY = 'run `npm run build:native` (needs cargo and a C compiler)';

/**
 * The addon if it loads and passes its known answers, else JavaScript with a note. Environment `MINEONE_BLS` (`native`,
 * `noble`) stands in for `auto`. Throws `BLS_NATIVE_UNAVAILABLE` if the addon was asked for by name and cannot be used,
 * `BLS_CHOICE` for another choice, or another value of `MINEONE_BLS`. Never ends the process over a broken file: its
 * bytes are compared with the digest its build left before it is loaded.
 */
export function loadBls(choice: BlsChoice = 'auto', folders: readonly string[] = addonFolders(import.meta.url)): LoadedBls {
  optionCheck('loadBls', 'BLS_CHOICE')('choice', choice, `one of ${CHOICES.join(', ')}`, CHOICES.includes(choice));
  const wanted = choice === 'auto' ? fromEnvironment() : choice;
  if (wanted === 'noble') return { bls: nobleBls(), beside: IN_JAVASCRIPT, note: null };
  const { proven, reason } = attempt(folders);
  if (proven !== null) return { bls: nativeBls(proven.addon), beside: proven.beside, note: null };
  if (wanted === 'native') throw new MineOneError('BLS_NATIVE_UNAVAILABLE', `${reason}; ${REMEDY}`);
  return { bls: nobleBls(), beside: IN_JAVASCRIPT, note: `BLS runs in JavaScript, about 20 times slower: ${reason}; ${REMEDY}.` };
}

/**
 * The addon itself, for what {@link Bls} does not show (its panics); null where {@link loadBls} would not use it.
 * @public
 */
export function loadBlsAddon(folders: readonly string[] = addonFolders(import.meta.url)): BlsAddon | null {
  return attempt(folders).proven?.addon ?? null;
}

/** Beside this file's folder `bls`, and from `dist/native/bls.js` also where cargo built it. */
export function addonFolders(here: string): string[] {
  const beside = fileURLToPath(new URL('./bls/', here));
  return here.endsWith('/dist/native/bls.js') ? [beside, fileURLToPath(new URL('../../native/bls/', here))] : [beside];
}

function fromEnvironment(): BlsChoice {
  const value = process.env['MINEONE_BLS'] ?? '';
  if (value === '' || value === 'auto') return 'auto';
  if (value === 'native' || value === 'noble') return value;
  throw new MineOneError('BLS_CHOICE', `MINEONE_BLS: expected native, noble or auto, got ${JSON.stringify(value)}`);
}

function attempt(folders: readonly string[]): Attempt {
  let reason = 'the addon is not built';
  for (const path of folders.map((folder) => `${folder}${ADDON}`)) {
    if (!existsSync(path)) continue;
    try {
      return { proven: prove(path), reason: '' };
    } catch (error) {
      reason = `the addon ${path} is not usable (${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)})`;
    }
  }
  return { proven: null, reason };
}

/** Addons of this thread: one that is loaded stays what it is, whatever becomes of its file. */
const loaded = new Map<string, Proven>();

/**
 * Loads and tries an addon; throws whatever is wrong with it. A damaged file must not reach the loader: the kernel
 * would end the process.
 */
function prove(path: string): Proven {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  const expected = existsSync(`${path}.sha256`) ? readFileSync(`${path}.sha256`, 'utf8').trim() : 'no file with its digest';
  if (digest !== expected) throw new Error(`its bytes are not those that were built: expected ${expected}, got ${digest}`);
  const addon: BlsAddon = createRequire(import.meta.url)(path);
  checkKnownAnswers(nativeBls(addon));
  const proven = { addon, beside: besideOf(addon) };
  loaded.set(path, proven);
  return proven;
}

/** Key `07 00 … 00`, message `MineOne`, tags NUL: answers of `@noble/curves` 2.4.0. */
const KNOWN = {
  privateKey: Uint8Array.from([7, ...new Array<number>(31).fill(0)]),
  message: new TextEncoder().encode('MineOne'),
  publicKey: 'b928f3beb93519eecf0145da903b40a4c97dca00b21f12ac0df3be9116ef2ef27b2ae6bcd4c5bc2d54ef5a70627efcb7',
  signature:
    'ab16bd9c0744e1ddcec4bf01f92afc32253451728a6505ef006f3139109b9c9da643f1df3e545e7e613927670fafd3d806c125a36dd8b3a1ecac7e227e69c63e198579cbb9a5166e44bcd299216c632ad733ed091e717a63727c368520d11fd8',
  publicKeyG2:
    '8d0273f6bf31ed37c3b8d68083ec3d8e20b5f2cc170fa24b9b5be35b34ed013f9a921f1cad1644d4bdb14674247234c8049cd1dbb2d2c3581e54c088135fef36505a6823d61b859437bfc79b617030dc8b40e32bad1fa85b9c0f368af6d38d3c',
  signatureG1: 'a814a694ff1130264ba0e4a2ec259fa8346347d307846738b90bc9b98898c20368d80f4b27cc47e09a58061cc37ea7e0',
};

/**
 * A wrong addon (old, for another scheme, miscompiled) must be found before it signs. Throws at the first difference.
 */
export function checkKnownAnswers(bls: Bls): void {
  const { privateKey, message } = KNOWN;
  const publicKey = bls.publicKey(privateKey);
  const signature = bls.sign(privateKey, message);
  expect('public key', hex(publicKey), KNOWN.publicKey);
  expect('signature', hex(signature), KNOWN.signature);
  expect('public key in G2', hex(bls.publicKeyG2(privateKey)), KNOWN.publicKeyG2);
  expect('signature in G1', hex(bls.signG1(privateKey, message)), KNOWN.signatureG1);
  expect('aggregate', hex(bls.aggregate([signature])), KNOWN.signature);
  expect('verdict', String(bls.verify({ publicKey, message, signature })), 'true');
  expect('verdict on another message', String(bls.verify({ publicKey, message: privateKey, signature })), 'false');
  expect('verdict on a batch', String(bls.verifyBatch([{ publicKey, message, signature }])), 'true');
  const [claim, wrong] = [
    { publicKeys: [publicKey], sum: signature, messages: [message] },
    { publicKeys: [publicKey], sum: signature, messages: [privateKey] },
  ];
  expect('verdict on claims of which one is wrong', String(bls.claimsHold([claim, wrong], privateKey)), 'false');
  expect('verdict on an aggregate', String(bls.aggregateVerify([publicKey], [message], signature)), 'true');
}

function expect(what: string, found: string, expected: string): void {
  if (found !== expected) throw new Error(`known answer, ${what}: expected ${expected}, got ${found}`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

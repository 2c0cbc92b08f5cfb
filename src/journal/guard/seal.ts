/**
 * A seal: where a journal ended, written down elsewhere or signed. A hash chain finds what is damaged; whoever may
 * write the folder can make a whole other chain, and only what lies out of their reach tells the two apart
 * (docs/journal.md, «Seals»).
 */

import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromUtf8, toHex } from '../../chain/encoding/bytes.ts';
import { MineOneError } from '../../errors/mineone-error.ts';
import type { Journal } from '../journal.ts';
import type { JournalNetwork } from './opening.ts';

export interface Seal {
  readonly v: 1;
  /** Last record of the journal, and its SHA-256 in hexadecimal. */
  readonly seq: number;
  readonly hash: string;
  /** ISO 8601; by the clock of who sealed it. */
  readonly at: string;
  /** `NAME GENESIS`; empty where the journal does not say it. */
  readonly network: string;
  /**
   * Ed25519 over {@link sealedBytes}; base64, as is the public key's SPKI in DER. `null`: it proves no more than the
   * place it is kept in.
   */
  readonly signed: { readonly key: string; readonly signature: string } | null;
}

const VERSION = 1;

/** Of all that is on disk. Throws `SEAL_EMPTY`. */
export function sealOf(journal: Pick<Journal, 'synced' | 'headHash'>, network: JournalNetwork | null, at: number): Seal {
  const seq = journal.synced();
  if (seq < 0) throw new MineOneError('SEAL_EMPTY', 'there is no record in the journal yet, so there is nothing to seal');
  const named = network === null ? '' : `${network.name} ${network.genesisTimestamp}`;
  return { v: VERSION, seq, hash: toHex(journal.headHash()), at: new Date(at).toISOString(), network: named, signed: null };
}

/** `key`: an Ed25519 private key as PEM; throws `SEAL_KEY`. */
export function signSeal(seal: Seal, key: string): Seal {
  const privateKey = keyOf(key, createPrivateKey);
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { ...seal, signed: { key: spki.toString('base64'), signature: sign(null, sealedBytes(seal), privateKey).toString('base64') } };
}

/** Throws `SEAL_FORMAT`. */
export function parseSeal(text: string): Seal {
  try {
    const { v, seq, hash, at, network, signed } = JSON.parse(text) as Seal;
    const isSigned = signed === null || (typeof signed.key === 'string' && typeof signed.signature === 'string');
    const isSeal =
      v === VERSION && Number.isSafeInteger(seq) && seq >= 0 && /^[0-9a-f]{64}$/.test(hash) && typeof at === 'string' && typeof network === 'string';
    if (isSeal && isSigned) return { v, seq, hash, at, network, signed };
  } catch {
    // As for text that is JSON and no seal.
  }
  throw new MineOneError('SEAL_FORMAT', 'expected what `mineone journal seal` wrote: JSON with v, seq, hash, at, network and signed');
}

/**
 * Throws `SEAL_SIGNATURE` for a signature that is not its key's, or of another key than `by`, an Ed25519 public key as
 * PEM; and for none where `by` is given. Gives the SHA-256 of the key that signed it, `null` for none: a forger signs
 * with a key of their own.
 */
export function checkSignature(seal: Seal, by?: string): string | null {
  const wanted = by === undefined ? null : spkiOf(keyOf(by, createPublicKey));
  if (seal.signed === null) {
    if (wanted !== null) throw new MineOneError('SEAL_SIGNATURE', 'the seal is not signed, and a key was named that should have signed it');
    return null;
  }
  const spki = Buffer.from(seal.signed.key, 'base64');
  if (wanted !== null && !spki.equals(wanted))
    throw new MineOneError('SEAL_SIGNATURE', `the seal is signed by another key (${fingerprint(spki)}) than the one named`);
  if (!isGood(seal, spki, seal.signed.signature)) throw new MineOneError('SEAL_SIGNATURE', 'the signature of the seal is not of what the seal says');
  return fingerprint(spki);
}

/**
 * Throws `SEAL_BROKEN` where the journal does not hold the record that was sealed, `SEAL_PRUNED` where retention gave
 * it up.
 */
export async function checkSealed(journal: Pick<Journal, 'records' | 'checkpoint' | 'synced'>, { seq, hash, at }: Seal): Promise<void> {
  const { first, prev } = journal.checkpoint();
  if (seq < first - 1) throw new MineOneError('SEAL_PRUNED', `record ${seq}, which was sealed at ${at}, was given up by retention; use a later seal`);
  if (seq > journal.synced())
    throw new MineOneError('SEAL_BROKEN', `record ${seq} was there when it was sealed at ${at}, and the journal ends at ${journal.synced()}`);
  const found = seq === first - 1 ? prev : await hashAt(journal, seq);
  if (found === undefined || toHex(found) !== hash)
    throw new MineOneError('SEAL_BROKEN', `record ${seq} is not the one that was sealed at ${at}: this journal, or a part of it, was written anew`);
}

async function hashAt(journal: Pick<Journal, 'records'>, seq: number): Promise<Uint8Array | undefined> {
  for await (const { hash } of journal.records(seq)) return hash;
  return undefined;
}

/** What is signed: text, so that it is nothing else that any key signs. */
function sealedBytes({ v, seq, hash, at, network }: Seal): Uint8Array {
  return fromUtf8(`mineone journal seal ${v}\n${network}\n${seq}\n${hash}\n${at}\n`);
}

function isGood(seal: Seal, spki: Buffer, signature: string): boolean {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, sealedBytes(seal), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function keyOf(pem: string, read: (pem: string) => KeyObject): KeyObject {
  try {
    const key = read(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new MineOneError(
    'SEAL_KEY',
    'expected an Ed25519 key as PEM, as `openssl genpkey -algorithm ed25519` makes one, without a passphrase; never a key that mines',
  );
}

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }) as Buffer;

const fingerprint = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex');

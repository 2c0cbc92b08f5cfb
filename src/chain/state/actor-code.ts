/**
 * What kind of actor a code names, and of which versions (docs/protocol.md 4.5): the layout of its state follows from
 * that, so an unknown code is never guessed at.
 */

import { UnknownLayoutError } from '../../errors/mineone-error.ts';
import { type CID, CODEC_RAW, HASH_IDENTITY } from '../encoding/cid.ts';
import { BUILTIN_CODE_PREFIX, BUILTIN_CODES } from './builtin-codes.ts';

/** `storageminer` of `[18, 19]`: several versions may share a code, and then a layout. */
export interface ActorKind {
  readonly name: string;
  readonly versions: readonly number[];
}

/** Actors up to version 7 have their name in their code. */
const NAMES_IN_CODES = new Set([
  'system',
  'init',
  'cron',
  'account',
  'storagepower',
  'storageminer',
  'storagemarket',
  'paymentchannel',
  'multisig',
  'reward',
  'verifiedregistry',
]);

const kinds: ReadonlyMap<string, ActorKind> = parseBuiltinCodes(BUILTIN_CODES);

/** The last version any of whose codes are known. */
const NEWEST = Math.max(...[...kinds.values()].flatMap(({ versions }) => versions));

/** Throws `UnknownLayoutError` naming the code. */
export function actorKind(code: CID): ActorKind {
  const kind = knownActorKind(code);
  if (kind === null)
    throw new UnknownLayoutError(
      `actor code ${code}${spelledName(code)} is not one of those known, of actors v0 to v${NEWEST}: of a later version, or of another network`,
    );
  return kind;
}

/** `null` for a code that is not known. */
export function knownActorKind(code: CID): ActorKind | null {
  return namedKind(code) ?? kinds.get(code.toString()) ?? null;
}

/** The identity CID of `fil/<n>/<name>`: n = 1 is version 0. */
function namedKind(code: CID): ActorKind | null {
  const parts = /^fil\/([1-7])\/([a-z]+)$/.exec(identityText(code));
  const name = parts?.[2];
  if (name === undefined || !NAMES_IN_CODES.has(name)) return null;
  const family = Number(parts?.[1]);
  return { name, versions: [family === 1 ? 0 : family] };
}

function spelledName(code: CID): string {
  const text = identityText(code);
  return text === '' ? '' : ` ("${text}")`;
}

function identityText(code: CID): string {
  const { code: hash, digest } = code.multihash;
  return code.code === CODEC_RAW && hash === HASH_IDENTITY ? String.fromCharCode(...digest) : '';
}

function parseBuiltinCodes(text: string): ReadonlyMap<string, ActorKind> {
  const found = new Map<string, ActorKind>();
  let kind: ActorKind = { name: '', versions: [] };
  for (const line of text.trim().split('\n')) {
    if (line.startsWith(' ')) for (const code of line.trim().split(' ')) found.set(BUILTIN_CODE_PREFIX + code, kind);
    else kind = parseKind(line);
  }
  return found;
}

/** `storageminer 18-19` or `storageminer 17`. */
function parseKind(line: string): ActorKind {
  const [name, range] = line.split(' ') as [string, string];
  const [first, last] = range.split('-').map(Number) as [number, number?];
  return { name, versions: Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i) };
}

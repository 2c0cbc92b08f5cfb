/**
 * The system actor, f00: from actors v8 its state names the codes of all built-in actors, without their version
 * (docs/protocol.md 4.5).
 */

import { DecodeError, UnknownLayoutError } from '../../errors/mineone-error.ts';
import type { CID } from '../encoding/cid.ts';
import { knownActorKind } from './actor-code.ts';
import { arrayAt, linkAt, loadObject, type StateObject, textAt } from './state-object.ts';
import { type Actor, getActor, type StateTree } from './state-tree.ts';

const SYSTEM_ID = 0n;
/** Fields of the state without a manifest (up to v7) and with the link to one. */
const WITHOUT_MANIFEST = 0;
const WITH_MANIFEST = 1;

/** Names of built-in actors by the text of their code; none before actors v8, where each code says its name itself. */
export function builtinActorNames(tree: StateTree): ReadonlyMap<string, string> {
  const actor = getActor(tree, SYSTEM_ID);
  if (actor === null) throw new DecodeError('ACTOR_MISSING', `f00 (system) is not in state ${tree.root}`);
  // Its own code may be one that only its state names, so it is told by its fields alone.
  const state = loadObject(tree.get, actor.head, 'system state');
  if (state.fields.length === WITHOUT_MANIFEST) return new Map();
  if (state.fields.length !== WITH_MANIFEST) throw new UnknownLayoutError(`system state of ${state.fields.length} fields`);
  const manifest = loadObject(tree.get, linkAt(state, 0), 'manifest of actors');
  return new Map(manifest.fields.map((_, i) => nameAndCode(arrayAt(manifest, i, 'entry of the manifest'))));
}

function nameAndCode(entry: StateObject): readonly [code: string, name: string] {
  if (entry.fields.length !== 2) throw new UnknownLayoutError(`an entry of the manifest of ${entry.fields.length} fields`);
  const code: CID = linkAt(entry, 1);
  return [code.toString(), textAt(entry, 0)];
}

/**
 * `account`, `multisig`: of the codes known here, else of the state's own manifest; throws `UnknownLayoutError` when
 * neither names it.
 */
export function actorName(tree: StateTree, actor: Actor): string {
  const name = knownActorKind(actor.code)?.name ?? builtinActorNames(tree).get(actor.code.toString());
  if (name === undefined) throw new UnknownLayoutError(`actor code ${actor.code} is neither known nor in the state's manifest`);
  return name;
}

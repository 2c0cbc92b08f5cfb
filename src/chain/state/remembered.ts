/**
 * What is read of a state once: a state never changes, and the rules of one block, and the blocks of one base, ask for
 * the same few actors.
 */

/**
 * `read`, answered from memory for a state and an id that were asked for before; a state that nobody holds any more is
 * forgotten.
 */
export function remembered<State extends object, Found extends object | null>(read: (state: State, id: bigint) => Found): (state: State, id: bigint) => Found {
  const known = new WeakMap<State, Map<bigint, Found>>();
  return (state, id) => {
    const ofState = known.get(state) ?? new Map<bigint, Found>();
    const found = ofState.get(id);
    if (found !== undefined) return found;
    const fresh = read(state, id);
    known.set(state, ofState.set(id, fresh));
    return fresh;
  };
}

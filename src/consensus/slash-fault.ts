/**
 * The ways in which two blocks of one miner are a punishable fault (docs/protocol.md 2.14; builtin-actors
 * runtime/src/runtime/mod.rs `ConsensusFaultType`).
 */
export type SlashFault = 'double-fork' | 'time-offset' | 'parent-grinding';

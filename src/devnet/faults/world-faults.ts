/**
 * Faults of the world itself, pulled as each epoch begins: `reorg`, `equivocation`, `null-rounds`, `ineligible`,
 * `node-restart`.
 */

import { type Address, formatAddress } from '../../chain/address.ts';
import type { Epoch } from '../../chain/epoch.ts';
import type { SeededRandom } from '../setting/seed.ts';
import type { World } from '../setting/world.ts';
import { beginOf, delayMs, epochAhead, type FaultContext, isPlanned, strike } from './plan.ts';

/** How deep a reorg goes, how long null rounds and exclusions last. */
const EPOCHS_MAX = 3;
const DEBT = 10n ** 18n;

/** Begins to pull them; the result ends that. */
export function startWorldFaults(world: World, miners: readonly Address[], context: FaultContext): () => void {
  const controller = new AbortController();
  if (!isPlanned(context.plan, 'reorg', 'equivocation', 'null-rounds', 'ineligible', 'node-restart')) return () => undefined;
  const run = async (): Promise<void> => {
    for (let epoch = epochAhead(context); ; epoch++) {
      await context.clock.until(beginOf(context, epoch - 1), controller.signal);
      pull(world, miners, context, epoch);
    }
  };
  run().catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return () => controller.abort();
}

/** What strikes in the epoch that is worked on from now. */
function pull(world: World, miners: readonly Address[], context: FaultContext, epoch: Epoch): void {
  const { plan } = context;
  const reorg = strike(plan, 'reorg', epoch);
  if (reorg !== null) world.reorg(1 + reorg.below(EPOCHS_MAX));
  if (strike(plan, 'equivocation', epoch) !== null) world.cheat('two-blocks', epoch);
  const nulls = strike(plan, 'null-rounds', epoch);
  if (nulls !== null) world.nullRounds(epoch, epoch + nulls.below(EPOCHS_MAX));
  const restart = strike(plan, 'node-restart', epoch);
  if (restart !== null) world.restart(delayMs(context, restart, 0.1, 1.2));
  for (const miner of miners) {
    const excluded = strike(plan, 'ineligible', epoch, formatAddress(miner));
    if (excluded !== null) exclude(world, miner, excluded, epoch);
  }
}

/** A debt is paid again, a fault's exclusion ends of itself. */
function exclude(world: World, miner: Address, random: SeededRandom, epoch: Epoch): void {
  const last = epoch + random.below(EPOCHS_MAX);
  if (random.chance(0.5)) {
    world.setMiner(miner, { feeDebt: DEBT }, epoch);
    world.setMiner(miner, { feeDebt: 0n }, last + 1);
  } else world.setMiner(miner, { consensusFaultElapsed: last }, epoch);
}

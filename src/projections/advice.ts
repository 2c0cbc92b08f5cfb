/** What an operator can change after an epoch, outcome by outcome; nothing where nothing is wrong. */

import type { EpochOutcome, Failure, Ineligibility, Refusal } from '../mining/outcome.ts';
import { blame, isLate, type SlowStep } from './blame.ts';
import type { EpochStory } from './epoch-story.ts';

const INELIGIBLE: Readonly<Record<Ineligibility, string>> = {
  'miner-not-found': 'check the address, and that the node is of the same network and synced.',
  'no-power-at-lookback': 'wait: power counts from 900 epochs after it was proved.',
  'no-active-sectors': 'see to the faulty sectors: a window proof that passes brings them back.',
  'below-minimum-power': 'commit more sectors; 10 TiB is the least on mainnet.',
  'fee-debt': 'pay the debt from the owner, then the next epoch counts again.',
  'consensus-fault': 'wait until the fault has elapsed; find out why two blocks were made before mining on.',
  unknown: 'ask the node for the miner (StateMinerInfo, StateMinerPower): debt, fault or power is what it can be.',
};

/** By the step that took most of the time, whichever was at work when it was over. */
const SLOW: Readonly<Record<SlowStep, string>> = {
  begin: 'keep mineone running, and see that the clock of the machine is right.',
  base: 'see whether the node is synced and reachable; its head came too late or not at all.',
  beacon: 'see whether the node reaches drand.',
  'base-info': 'see how busy the node is: this call computes a state and should take well under a second.',
  election: 'see how quick the signer is: a signature should take milliseconds.',
  ticket: 'see how quick the signer is: a signature should take milliseconds.',
  prove: 'make proving faster (sectors on fast disks, a GPU) or give it a machine of its own.',
  select: 'see how quick node and signer are at the cut-off: the head is asked for once more, and where it changed the ticket is signed once more.',
  create: 'see how busy the node is: making a block executes its parents.',
  bind: "see to the journal's disk.",
  claim: 'see to the fence: without its word no block goes out.',
  submit: 'see whether the node is reachable; the block lies in the journal and would be sent again in time.',
};

const UPGRADE_UNKNOWN = 'install a version that knows the upgrade: nothing is mined past it, and what was bound before it was known is not sent again.';

const REFUSED: Readonly<Record<Refusal, string>> = {
  'double-fork': 'nothing: a second block for the same epoch would be slashed. Make sure that only one miner runs with this address.',
  'time-offset': 'nothing: a second block on the same parents would be slashed. Make sure that only one miner runs with this address.',
  'parent-grinding': "nothing: leaving out one's own block of the epoch before would be slashed. See why the node does not know that block.",
  'fence-conflict': 'another instance mines with this address: stop one of the two.',
  'fence-unknown': 'see to the fence: without its word no block goes out.',
  'upgrade-unknown': UPGRADE_UNKNOWN,
  invalid: 'the node made another block than was asked for: report it with the exported epoch, and try another node.',
};

const FAILED: Readonly<Record<string, string>> = {
  SIGNER_KEY_MISSING: 'import the key of the worker with `mineone key import`, or name the signer that holds it.',
  BEACON_WRONG: 'ask another node: this one tells beacon entries that drand did not sign.',
  UPGRADE_UNKNOWN,
  EFFECT_UNKNOWN: 'machines and runtime are of different versions: install one of them again.',
};

/** `null` where there is nothing to do. */
export function adviceFor(story: EpochStory): string | null {
  const { outcome, miner, epoch } = story;
  if (outcome === null) return null;
  return (isLate(outcome) ? slowAdvice(story) : null) ?? adviceOf(outcome, miner, epoch);
}

/** What to do about the step that took most of the time there was. */
export function slowAdvice(story: EpochStory): string | null {
  const slow = blame(story);
  return slow === null ? null : SLOW[slow.step];
}

function adviceOf(outcome: EpochOutcome, miner: string, epoch: number): string | null {
  switch (outcome.outcome) {
    case 'ineligible':
      return INELIGIBLE[outcome.reason];
    case 'late':
      return SLOW[outcome.stage];
    case 'refused':
      return REFUSED[outcome.why];
    case 'rejected':
      return `look up what the node means; \`mineone journal export --miner ${miner} --epoch ${epoch}\` holds the block.`;
    case 'failed':
      return failedAdvice(outcome.failure);
    case 'abandoned':
      if (outcome.why === 'upgrade-unknown') return UPGRADE_UNKNOWN;
      return outcome.why === 'upgraded'
        ? 'nothing: the next epoch is mined by the new code. Upgrade between epochs and this does not happen.'
        : `the miner begins no epoch until \`miner.command('${miner}', 'start')\` of the library says so: report the fault first.`;
    case 'mined':
    case 'observed':
    case 'lost':
    case 'stopped':
      return null;
  }
}

function failedAdvice({ code, retryable }: Failure): string {
  return (
    FAILED[code] ?? (retryable ? 'it may pass by itself; see to the one that was asked.' : 'see to the one that was asked: it said no and would say so again.')
  );
}

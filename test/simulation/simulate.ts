/**
 * One seeded life of everything: the production miner, once or more, on the devnet, with whatever the seed lets go
 * wrong; and what must hold all the same.
 */

import { keySigner } from '../../src/adapters/key-signer.ts';
import { localFence } from '../../src/adapters/local-fence.ts';
import { mockProver } from '../../src/adapters/mock-prover.ts';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { toHex } from '../../src/chain/encoding/bytes.ts';
import { epochAt, epochTimestamp } from '../../src/chain/epoch.ts';
import type { Tipset } from '../../src/chain/tipset.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { createDevnet, type Devnet } from '../../src/devnet/devnet.ts';
import type { FaultPlan } from '../../src/devnet/faults/plan.ts';
import { withFaults } from '../../src/devnet/faults/with-faults.ts';
import { startWorldFaults } from '../../src/devnet/faults/world-faults.ts';
import type { DevnetEvent } from '../../src/devnet/setting/event.ts';
import { type SeededRandom, seededRandom } from '../../src/devnet/setting/seed.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Node } from '../../src/ports/node.ts';
import { runUntilIdle } from '../../src/runtime/drive.ts';
import { failingDisk, type MakeDisk, syncedDisk } from './disk.ts';
import { type Instance, instanceOf, type Ports } from './instance.ts';
import { type Life, reached } from './life.ts';
import { type Scenario, scenarioOf } from './scenario.ts';
import { sharedFence } from './shared-fence.ts';
import { jumpingClock } from './troubles/clock-jumps.ts';
import { hangingSubmit } from './troubles/hanging-submit.ts';
import { laggingNode, lagOf } from './troubles/lagging-node.ts';
import { oddAnswers } from './troubles/odd-answers.ts';
import type { Trouble } from './troubles/trouble.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface SimulationOptions {
  readonly bls: Bls;
  readonly scenario?: Scenario;
  readonly disk?: MakeDisk;
}

export interface Simulated extends Verdict {
  readonly scenario: Scenario;
  /** Head hashes of the journals, and the key of the chain's head. */
  readonly heads: readonly string[];
}

const GENESIS = 1_700_000_000n;
/** Epochs after the last one that is begun: by then everything but the fates is over. */
const AFTER = 4;
const TRAFFIC = 1.5;

export async function simulate(seed: string, { bls, scenario = scenarioOf(seed), disk = syncedDisk }: SimulationOptions): Promise<Simulated> {
  const clock = virtualClock(Number(GENESIS) * 1000);
  const { miners, rivals, epochs } = scenario;
  const devnet = createDevnet({
    seed,
    clock,
    bls,
    miners,
    rivals: Array.from({ length: rivals }, () => ({ power: 1n << 36n })),
    powers: [1n << 37n],
    genesisTimestamp: GENESIS,
    traffic: TRAFFIC,
  });
  const events: DevnetEvent[] = [];
  devnet.on((event) => events.push(event));
  const noticed: string[] = [];
  const instances = instancesOf(seed, scenario, devnet, { bls, clock, disk, notice: (what) => noticed.push(what) });
  const plan = planOf(scenario, 'world');
  const addresses = devnet.miners.map(({ address }) => address);
  const endFaults = startWorldFaults(devnet.world, addresses, { plan, network: devnet.network, clock });
  devnet.start();
  for (const instance of instances) instance.start();
  await runUntilIdle(instances, clock, Number(epochTimestamp(devnet.network, epochs + AFTER)) * 1000);
  endFaults();
  await devnet.stop();
  const journals = await Promise.all(instances.map((instance) => instance.read()));
  const verdict = verdictOf({ scenario, devnet, events, instances, journals, noticed });
  return { ...verdict, scenario, heads: [...journals.map(({ head }) => toHex(head)), devnet.head().key.join()] };
}

function planOf({ seed, faults, from, to }: Scenario, whose: string): FaultPlan {
  return { seed: `${seed}/${whose}`, faults, from, to };
}

interface Given {
  readonly bls: Bls;
  readonly clock: Clock;
  readonly disk: MakeDisk;
  /** Hears what the node saw that must not be. */
  readonly notice: (what: string) => void;
}

function instancesOf(seed: string, scenario: Scenario, devnet: Devnet, { bls, clock, disk, notice }: Given): readonly Instance[] {
  const { network, miners } = devnet;
  const epochNow = (): number => epochAt(network, BigInt(Math.floor(clock.now() / 1000)));
  const mayFail = (): boolean => epochNow() >= scenario.from && epochNow() <= scenario.to;
  const unsure = (): number => (mayFail() ? scenario.unsure : 0);
  const fence = scenario.instances === 1 ? localFence() : sharedFence(seededRandom(seed, 'fence'), unsure);
  const keys = miners.map(({ privateKey }) => privateKey);
  return Array.from({ length: scenario.instances }, (_, i) => {
    const plan = planOf(scenario, `instance ${i}`);
    const random = seededRandom(seed, 'instance', String(i));
    const trouble = (name: string): Trouble => ({ random: seededRandom(seed, name, String(i)), network, clock, from: scenario.from, to: scenario.to });
    const troubled = troubledPorts(scenario, devnet, trouble, (what) => notice(`instance ${i}: ${what}`));
    const ports = (life: Life) => {
      const faulty = withFaults({ node: reached(life, fickle(devnet.node, random)), prover: mockProver() }, { plan, network, clock });
      return troubled({ ...faulty, signer: keySigner(bls, keys), fence });
    };
    const blockMs = network.blockDelaySecs * 1000;
    return instanceOf({
      options: { network, miners: miners.map(({ name }) => name), bls, lastEpoch: scenario.epochs },
      ports,
      disk: failingDisk(disk(seededRandom(seed, 'disk', String(i))), seededRandom(seed, 'refused', String(i)), scenario.refused, mayFail),
      random,
      clock,
      crashes: scenario.crashes,
      flushes: scenario.flushes,
      busy: seededRandom(seed, 'busy', String(i)),
      repeats: scenario.repeats,
      mayFail,
      expected: new Set([
        ...(scenario.jumps > 0 ? ['CLOCK_JUMPED'] : []),
        ...(scenario.odd > 0 ? ['MESSAGES_LEFT_OUT'] : []),
        ...(scenario.hangs > 0 ? ['PORT_HANGS'] : []),
      ]),
      stepsMax: 600,
      awayMaxMs: 2.5 * blockMs,
    });
  });
}

/**
 * What a life's ports are in these troubles: the same chance for all lives of an instance, and none of it drawn where
 * there is no such trouble.
 */
function troubledPorts(
  { rivals, odd, lags, jumps, hangs }: Scenario,
  { view }: Devnet,
  trouble: (name: string) => Trouble,
  notice: (what: string) => void,
): (ports: Ports) => Ports {
  const [oddly, lagging, jumping, hanging] = [trouble('odd'), trouble('lags'), trouble('jumps'), trouble('hangs')];
  const parentsOf = ({ height, parents }: Tipset): Tipset | null => (height === 0 ? null : view.tipset(parents));
  const lag = lagOf(lagging, lags);
  const jump = jumpingClock(jumping, jumps);
  return (ports) => {
    const lagged = lags === 0 ? ports.node : laggingNode(ports.node, lag, lagging.clock, parentsOf);
    const node = hangs === 0 ? lagged : hangingSubmit(lagged, hanging, hangs, notice);
    const all = { ...ports, node, clock: jumps === 0 ? ports.clock : jump(ports.clock) };
    return odd === 0 ? all : oddAnswers(all, oddly, { rate: odd, alone: rivals === 0 });
  };
}

/**
 * Other messages whenever it is asked, as a busy pool has them: a template that was not written down is never made
 * again.
 */
function fickle(node: Node, random: SeededRandom): Node {
  return {
    ...node,
    async selectMessages(base, quality, signal) {
      const messages = await node.selectMessages(base, quality, signal);
      return messages.slice(0, random.below(messages.length + 1));
    },
  };
}

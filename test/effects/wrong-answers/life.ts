/**
 * One long life of the production miner on the devnet, in which single answers of its ports can be made wrong; and what
 * must hold of it, told by the devnet's own judgement.
 */

import { keySigner } from '../../../src/adapters/key-signer.ts';
import { localFence } from '../../../src/adapters/local-fence.ts';
import { mockProver } from '../../../src/adapters/mock-prover.ts';
import { virtualClock } from '../../../src/adapters/virtual-clock.ts';
import { blockCid } from '../../../src/chain/block-header.ts';
import { toHex } from '../../../src/chain/encoding/bytes.ts';
import { decodeCid } from '../../../src/chain/encoding/cid.ts';
import { epochAt, epochTimestamp } from '../../../src/chain/epoch.ts';
import { minTicket, type Tipset } from '../../../src/chain/tipset.ts';
import { electionVrfInput, ticketVrfInput } from '../../../src/consensus/vrf.ts';
import { createDevnet, type DevnetMiner } from '../../../src/devnet/devnet.ts';
import type { JournalRecord } from '../../../src/journal/format/record.ts';
import { memoryStore } from '../../../src/journal/store/memory-store.ts';
import { assembleMiner } from '../../../src/miner.ts';
import type { EpochOutcome } from '../../../src/mining/outcome.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { Node } from '../../../src/ports/node.ts';
import type { Prover } from '../../../src/ports/prover.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import { runUntilIdle } from '../../../src/runtime/drive.ts';
import { simulationBls } from '../../simulation/simulation-bls.ts';

/**
 * A call on its way: what is right, what it would be for another miner, what was right the epoch before, and the signal
 * to end by.
 */
export interface Call {
  readonly signal: AbortSignal;
  right(): Promise<unknown>;
  other(): Promise<unknown>;
  readonly past: unknown;
}

export interface Plan {
  /** `node.head` */
  readonly call: string;
  /** Milliseconds since 1970. Calls from then on: the how-manieth, or all of the first second. */
  readonly from: number;
  /** And before this. */
  readonly to: number;
  readonly nth: number;
  readonly isAll: boolean;
  act(call: Call, clock: Clock): unknown;
}

export interface Life {
  readonly clock: Clock;
  readonly blockMs: number;
  beginOf(epoch: number): number;
  runTo(at: number): Promise<void>;
  arm(plan: Plan): void;
  /** Whether the plan's call was made. */
  wasUsed(): boolean;
  /** The last right answer of each call. */
  right(call: string): unknown;
  outcome(epoch: number): EpochOutcome['outcome'] | undefined;
  /** What must never be; empty when all is well. */
  broken(): readonly string[];
  stop(): Promise<void>;
}

const GENESIS = 1_700_000_000n;
const SECTOR = 1n << 35n;

export async function wrongLife(seed: string): Promise<Life> {
  const real = virtualClock(Number(GENESIS) * 1000);
  const bls = simulationBls();
  const powers = [127n * SECTOR, SECTOR];
  const devnet = createDevnet({ seed, clock: real, bls, miners: 2, powers, genesisTimestamp: GENESIS, traffic: 0.5 });
  const { network } = devnet;
  const [ours, other] = devnet.miners as [DevnetMiner, DevnetMiner];
  const broken: string[] = [];
  const rights = new Map<string, { epoch: number; now: unknown; past: unknown }>();
  const draws = new Map<number, Uint8Array>();
  const heads: Tipset[] = [devnet.head()];
  const made = new Set<string>();
  let plan: Plan | null = null;
  let used = false;
  let calls = 0;

  const epochNow = (): number => epochAt(network, BigInt(Math.floor(real.now() / 1000)));
  function note(call: string, answer: unknown): void {
    const known = rights.get(call);
    if (known === undefined || known.epoch < epochNow()) rights.set(call, { epoch: epochNow(), now: answer, past: known?.now ?? answer });
    else known.now = answer;
  }
  async function through<T>(name: string, signal: AbortSignal, ask: () => Promise<T>, forOther: () => Promise<T> = ask): Promise<T> {
    const right = async (): Promise<T> => {
      const answer = await ask();
      note(name, answer);
      return answer;
    };
    if (!isMeant(name)) return right();
    return (plan as Plan).act({ signal, right, other: forOther, past: rights.get(name)?.past }, real) as T;
  }
  function isMeant(name: string): boolean {
    if (plan === null || plan.call !== name || real.now() < plan.from || real.now() >= plan.to) return false;
    calls++;
    const isIt = plan.isAll ? real.now() < plan.from + 1000 : calls === plan.nth;
    used ||= isIt;
    return isIt;
  }

  const { node: full } = devnet;
  const node: Node = {
    async head(signal) {
      return through('node.head', signal, async () => {
        const head = await full.head(signal);
        if (head.height !== heads.at(-1)?.height) heads.push(head);
        return head;
      });
    },
    beaconEntry: (epoch, signal) =>
      through('node.beaconEntry', signal, async () => {
        const entry = await full.beaconEntry(epoch, signal);
        draws.set(epoch, entry.data);
        return entry;
      }),
    miningBaseInfo: (miner, epoch, base, signal) =>
      through(
        'node.miningBaseInfo',
        signal,
        () => full.miningBaseInfo(miner, epoch, base, signal),
        () => full.miningBaseInfo(other.address, epoch, base, signal),
      ),
    selectMessages: (base, quality, signal) => through('node.selectMessages', signal, () => full.selectMessages(base, quality, signal)),
    createBlock: (template, signal) =>
      through(
        'node.createBlock',
        signal,
        async () => {
          const block = await full.createBlock(template, signal);
          made.add(`${blockCid(block.header)}`);
          return block;
        },
        () => full.createBlock({ ...template, miner: other.address }, signal),
      ),
    submitBlock: (block, signal) => through('node.submitBlock', signal, () => full.submitBlock(block, signal)),
    pushMessage: (message, signal) => through('node.pushMessage', signal, () => full.pushMessage(message, signal)),
    tipsetAt: (height, signal) => through('node.tipsetAt', signal, () => full.tipsetAt(height, signal)),
  };
  const keys = keySigner(bls, [ours.privateKey, other.privateKey]);
  const signer: Signer = {
    async signVrf(key, message, signal) {
      checkDraw(message);
      return through(
        'signer.signVrf',
        signal,
        () => keys.signVrf(key, message, signal),
        () => keys.signVrf(other.workerKey, message, signal),
      );
    },
  };
  const [proving, granting] = [mockProver(), localFence()];
  const prover: Prover = { winningPost: (request, signal) => through('prover.winningPost', signal, () => proving.winningPost(request, signal)) };
  const fence: Fence = { claim: (claim, signal) => through('fence.claim', signal, () => granting.claim(claim, signal)) };
  const clock: Clock = {
    sleepers: real.sleepers,
    now: () =>
      isMeant('clock.now')
        ? ((plan as Plan).act({ signal: nobody, right: async () => real.now(), other: async () => 0, past: 0 }, real) as number)
        : real.now(),
    until: (at, signal) => through('clock.until', signal, () => real.until(at, signal)),
  };

  /**
   * Only draws of a beacon entry that the chain has, for this miner, this or the next epoch, and a head that was there.
   */
  function checkDraw(message: Uint8Array): void {
    const epochs = [epochNow(), epochNow() + 1];
    const isDraw = epochs.some((epoch) => {
      const rbase = draws.get(epoch);
      if (rbase === undefined) return false;
      const tickets = heads.slice(-8).map((head) => ticketVrfInput(network, rbase, epoch, ours.address, minTicket(head)));
      return [electionVrfInput(rbase, epoch, ours.address), ...tickets].some((draw) => toHex(draw) === toHex(message));
    });
    if (!isDraw) broken.push(`asked to sign ${toHex(message)}, which is no draw of epochs ${epochs.join(', ')}`);
  }

  devnet.on((event) => {
    if (event.type === 'rejected') broken.push(`submitted a block of ${event.header.height} that the node rejects: ${event.reason}`);
    if (event.type === 'equivocation') broken.push(`two blocks of epoch ${event.epoch}`);
  });
  const { miner, runtime } = await assembleMiner({
    network,
    miners: [ours.name],
    node,
    signer,
    prover,
    fence,
    clock,
    bls,
    store: memoryStore(),
    ordered: true,
    onFault: ({ code, message }) => void (code === 'MESSAGES_LEFT_OUT' || broken.push(`${code}: ${message}`)),
  });
  const outcomes = new Map<number, EpochOutcome['outcome']>();
  miner.outcomes$.subscribe(({ epoch, outcome }) => outcomes.set(epoch, outcome.outcome));
  runtime.records$.subscribe((record) => {
    for (const cid of boundBy(record)) if (!made.has(cid)) broken.push(`bound ${cid}, which no node made`);
    // Every result comes a second time.
    if (record.input.type === 'result') void runtime.send(record.stream, record.input);
  });
  devnet.start();
  await miner.start();
  return {
    clock: real,
    blockMs: network.blockDelaySecs * 1000,
    beginOf: (epoch) => Number(epochTimestamp(network, epoch)) * 1000,
    runTo: (at) => runUntilIdle(miner, real, at),
    arm(next) {
      [plan, used, calls] = [next, false, 0];
    },
    wasUsed: () => used,
    right: (call) => rights.get(call)?.now,
    outcome: (epoch) => outcomes.get(epoch),
    broken: () => broken,
    async stop() {
      await miner.stop();
      await devnet.stop();
    },
  };
}

const nobody = new AbortController().signal;

function boundBy({ binds, steps }: JournalRecord): readonly string[] {
  const bound = new Set(binds.filter(({ verdict }) => (verdict as { readonly verdict: string }).verdict === 'bound').map(({ n }) => n));
  return steps
    .flatMap(({ effects }) => effects)
    .filter(({ n }) => bound.has(n))
    .map(({ input }) => `${decodeCid((input as { readonly cid: Uint8Array }).cid)}`);
}

/**
 * The whole job on an embedded chain: a devnet in this process, a miner as anybody would have one, and a clock that
 * moves both.
 */

import { keySigner } from '../../adapters/key-signer.ts';
import { localFence } from '../../adapters/local-fence.ts';
import { mockProver } from '../../adapters/mock-prover.ts';
import { epochAt } from '../../chain/epoch.ts';
import { firstBlock } from '../../chain/tipset.ts';
import type { Bls } from '../../consensus/signatures/bls.ts';
import { openChainFile } from '../../devnet/chain/chain-file.ts';
import { createDevnet, type Devnet, type DevnetOptions } from '../../devnet/devnet.ts';
import type { Fault } from '../../devnet/faults/fault.ts';
import type { FaultContext } from '../../devnet/faults/plan.ts';
import { type FaultyPorts, withFaults } from '../../devnet/faults/with-faults.ts';
import { startWorldFaults } from '../../devnet/faults/world-faults.ts';
import { MINER_POWER } from '../../devnet/setting/cast.ts';
import type { MineOneError } from '../../errors/mineone-error.ts';
import type { Journal } from '../../journal/journal.ts';
import { createMiner, type Miner, roundConfig } from '../../miner.ts';
import { deadlinesOf } from '../../mining/round.ts';
import type { EpochRow } from '../../projections/epoch-row.ts';
import { keepNetwork } from '../journal/journal-network.ts';
import { journalDir } from '../options/data-dir.ts';
import { interruption } from '../terminal/interrupt.ts';
import { type BlockCounts, countBlocks } from './blocks.ts';
import { type DevnetClock, devnetClock } from './devnet-clock.ts';
import { chainFile, type DevnetFolder } from './folder.ts';
import { type EpochRows, readGoing } from './rows.ts';

export interface DevnetRun {
  readonly place: DevnetFolder;
  readonly bls: Bls;
  /** Epochs to begin, beyond those the journal knows. */
  readonly epochs: number;
  /** The clock's seconds in a real one; `max`: it stands still while anybody works. */
  readonly speed: number | 'max';
  readonly faults: readonly Fault[];
  readonly rows: EpochRows;
  /** Before anything begins. */
  readonly onBegin: (range: Range, devnet: Devnet) => void;
  /** After each record that is on disk. */
  readonly onRecord: (journal: Journal) => void;
  /** It was told to end: what goes on now, at this time of the clock. */
  readonly onWait: (going: readonly EpochRow[], now: number) => void;
  readonly onFault: (fault: MineOneError) => void;
}

/** First epoch that is begun now, and the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface RunEnd extends Range {
  readonly blocks: BlockCounts;
  readonly head: { readonly epoch: number; readonly cids: readonly string[] };
}

/** Until the last epoch is over, or an interruption: then what is bound goes out, and nothing more begins. */
export async function runDevnet(run: DevnetRun): Promise<RunEnd> {
  const { place, speed, rows } = run;
  const time = devnetClock(speed, place.stoodAt);
  const store = openChainFile(chainFile(place.folder));
  try {
    const devnet = createDevnet({ ...worldOf(run), clock: time.clock, store });
    keepNetwork(place.folder, devnet.network);
    const counts = countBlocks(devnet);
    // A block of another may have come after the journal's last record.
    await time.reach(Number(firstBlock(devnet.head()).timestamp) * 1000);
    const from = Math.max(place.lastEpoch, epochAt(devnet.network, BigInt(Math.floor(time.clock.now() / 1000)))) + 1;
    const range = { from, to: from + run.epochs - 1 };
    run.onBegin(range, devnet);
    const context: FaultContext = { plan: { seed: place.settings.seed, faults: run.faults }, network: devnet.network, clock: time.clock };
    const miner = await minerOn(run, devnet, withFaults({ node: devnet.node, prover: mockProver() }, context), range.to);
    const endFaults = startWorldFaults(
      devnet.world,
      devnet.miners.map(({ address }) => address),
      context,
    );
    try {
      await readGoing(miner.journal(), rows);
      miner.transitions$.subscribe((record) => {
        rows.add(record);
        run.onRecord(miner.journal());
      });
      devnet.start();
      await miner.start();
      await goOn(run, devnet, miner, time, range);
      if (interruption.aborted) run.onWait(rows.going(), time.clock.now());
    } finally {
      endFaults();
      await time.through([miner], miner.stop());
    }
    await time.through([], devnet.stop());
    const head = devnet.head();
    return { ...range, blocks: counts(), head: { epoch: head.height, cids: head.key.map(String) } };
  } finally {
    store.close();
  }
}

function worldOf({ place: { settings }, bls }: DevnetRun): Omit<DevnetOptions, 'clock'> {
  const { seed, miners, blockDelay, genesis, rivals } = settings;
  return {
    seed,
    bls,
    miners,
    // Strong enough that a chain of its own is heavier at times.
    rivals: Array.from({ length: rivals }, () => ({ power: (MINER_POWER * BigInt(miners)) / BigInt(rivals) })),
    genesisTimestamp: BigInt(genesis),
    ...delaysOf(blockDelay),
  };
}

/**
 * As a third and a fifteenth of an epoch, in eighths of a second: short epochs have their moments too, and these are
 * whole milliseconds.
 */
function delaysOf(blockDelaySecs: number): Pick<DevnetOptions, 'blockDelaySecs' | 'propagationDelaySecs' | 'equivocationDelaySecs'> {
  const eighths = (secs: number): number => Math.max(1, Math.round(secs * 8)) / 8;
  return { blockDelaySecs, propagationDelaySecs: eighths(blockDelaySecs / 3), equivocationDelaySecs: eighths(blockDelaySecs / 15) };
}

function minerOn({ place, speed, bls, onFault }: DevnetRun, devnet: Devnet, ports: FaultyPorts, lastEpoch: number): Promise<Miner> {
  return createMiner({
    network: devnet.network,
    miners: devnet.miners.map(({ name }) => name),
    ...ports,
    signer: keySigner(
      bls,
      devnet.miners.map(({ privateKey }) => privateKey),
    ),
    bls,
    // Its chain is in this process: no other one mines on it.
    fence: localFence(),
    dataDir: journalDir(place.folder),
    ...(Number.isFinite(lastEpoch) ? { lastEpoch } : {}),
    ordered: speed === 'max',
    onFault,
  });
}

/** Epoch by epoch, so that an interruption is heard in between. */
async function goOn({ rows }: DevnetRun, { network }: Devnet, miner: Miner, time: DevnetClock, { from, to }: Range): Promise<void> {
  for (let epoch = from; epoch <= to && !interruption.aborted; epoch++) {
    const { lastCall } = deadlinesOf(roundConfig(network, false), epoch);
    await time.run([miner], lastCall, () => rows.isOver(epoch));
  }
}

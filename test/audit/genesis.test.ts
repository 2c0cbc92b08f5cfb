/** Genesis, judged apart from the blocks on it: which one it is, what its header says, and a chain of nothing else. */

import { beforeAll, describe, expect, it } from 'vitest';
import { conclusionOf } from '../../src/audit/report/conclusion.ts';
import { isWrong } from '../../src/audit/report/summary.ts';
import { type BlockHeader, blockCid } from '../../src/chain/block-header.ts';
import type { CID } from '../../src/chain/encoding/cid.ts';
import type { NetworkParams } from '../../src/consensus/network/network.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import { judgeGenesis } from '../../src/consensus/validation/genesis.ts';
import { readCar } from '../chain/state/car-file.ts';
import { sharedData, suiteName } from '../shared-data.ts';
import { type AuditRun, runAudit } from './fixtures/audit-run.ts';
import { DEVNET_NETWORK, networkOf } from './fixtures/devnet.ts';
import { carBytes, headed, headerIn, keyAt, type ShortChain, scratch, shortChainTo46 } from './fixtures/hostile-car.ts';

const file = scratch();
let made: ShortChain;
let cid: CID;
let genesis: BlockHeader;
let params: NetworkParams;
beforeAll(async () => {
  made = await shortChainTo46();
  cid = keyAt(made.chain, 0)[0] as CID;
  genesis = headerIn(made.chain, cid);
  params = { ...networkOf(DEVNET_NETWORK), genesisCid: cid.toString() };
}, 60_000);

const verdictsOf = (run: AuditRun) => Object.fromEntries((run.summary.genesis?.checks ?? []).map(({ check, verdict }) => [check, verdict.verdict]));
const audit = (bytes: Uint8Array, more: Partial<NetworkParams> = {}): Promise<AuditRun> =>
  runAudit(file(bytes), { network: () => ({ ...params, ...more }), from: 46, threads: 1 });

describe('genesis of a chain', () => {
  it('is right where it is the one of the network', async () => {
    const run = await audit(carBytes(made.chain));
    expect(verdictsOf(run)).toEqual({ 'genesis-cid': 'ok', 'genesis-form': 'ok' });
    expect([isWrong(run.summary), run.summary.blocks]).toEqual([false, 1]);
  });

  it('of another CID than that of the network is wrong, and so is the audit, although each block is right', async () => {
    const run = await audit(carBytes(made.chain), { genesisCid: MAINNET.genesisCid as string });
    expect(run.summary.genesis?.checks[0]?.verdict).toEqual({ verdict: 'wrong', expected: MAINNET.genesisCid, found: cid.toString() });
    expect([isWrong(run.summary), run.summary.wrongBlocks]).toEqual([true, 0]);
    expect(conclusionOf(run.summary)).toMatch(/^genesis is wrong; /);
  });

  it.each([
    ['miner', (): Partial<BlockHeader> => ({ miner: made.head.miner })],
    ['ticket', () => ({ ticket: null })],
    ['ticket', () => ({ ticket: { vrfProof: new Uint8Array(96) } })],
    ['win count', () => ({ electionProof: { winCount: 1, vrfProof: new Uint8Array(96) } })],
    ['rounds', () => ({ beaconEntries: [] })],
    ['rounds', () => ({ beaconEntries: made.head.beaconEntries })],
    ['proofs', () => ({ winPoStProof: made.head.winPoStProof })],
    ['parent weight', () => ({ parentWeight: 1n })],
    ['BLS aggregate', () => ({ blsAggregate: made.head.blsAggregate })],
    ['block signature', () => ({ blockSig: made.head.blockSig })],
    ['base fee', () => ({ parentBaseFee: 100n })],
    ['timestamp', () => ({ timestamp: genesis.timestamp + 1n })],
    ['height', () => ({ height: 1 })],
  ] as const)('with another %s is no genesis (%#)', (field, change) => {
    const header = { ...genesis, ...change() };
    const [, form] = judgeGenesis(params, [blockCid(header)], header);
    expect(form?.verdict).toMatchObject({ verdict: 'wrong', expected: expect.stringContaining(field) });
  });

  it('is a tipset of one block', () => {
    const [which] = judgeGenesis(params, [cid, blockCid({ ...genesis, parentWeight: 1n })], genesis);
    expect(which?.verdict).toEqual({ verdict: 'wrong', expected: 'a tipset of one block', found: '2 blocks' });
  });
});

describe('a head at height 0', () => {
  it('is a chain of one, with its verdict', async () => {
    const run = await runAudit(file(carBytes({ ...made.chain, roots: [cid] })), { network: () => params, threads: 1 });
    expect([run.chain, run.blocks]).toEqual([{ first: 0, head: 0, tipsets: 1 }, []]);
    expect(verdictsOf(run)).toEqual({ 'genesis-cid': 'ok', 'genesis-form': 'ok' });
    expect(conclusionOf(run.summary)).toBe('no block but genesis was judged; 64 headers that no root leads to were not looked at');
  });

  it('is wrong where a forger made it', async () => {
    const forged = headed(made.chain, { ...genesis, parentStateRoot: made.head.parentStateRoot, parentWeight: 7n });
    const run = await runAudit(file(carBytes(forged)), { network: () => params, threads: 1 });
    expect(verdictsOf(run)).toEqual({ 'genesis-cid': 'wrong', 'genesis-form': 'wrong' });
    expect(conclusionOf(run.summary)).toBe('genesis is wrong; no block but genesis was judged; 65 headers that no root leads to were not looked at');
  });
});

const mainnet = sharedData('mainnet/mainnet-0-39.car');

describe.skipIf(mainnet.absent)(suiteName('genesis of mainnet', mainnet.absent), () => {
  it('is right', async () => {
    const car = await readCar(mainnet.path);
    const first = keyAt(car, 0);
    const verdicts = judgeGenesis(MAINNET, first, headerIn(car, first[0] as CID)).map(({ verdict }) => verdict);
    expect(verdicts).toEqual([{ verdict: 'ok' }, { verdict: 'ok' }]);
  });
});

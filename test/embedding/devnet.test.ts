/** What somebody meets who makes a devnet wrongly, or starts it twice. From the package as it is exported. */

import { describe, expect, it } from 'vitest';

/** The built package, by the names that it exports. */
const exported = async <T>(name: string): Promise<T> => (await import(name)) as T;
const { createDevnet } = await exported<typeof import('../../src/devnet/devnet.ts')>('mineone/devnet');
const { virtualClock } = await exported<typeof import('../../src/adapters/virtual-clock.ts')>('mineone/adapters/virtual-clock');
const { loadBls } = await exported<typeof import('../../native/bls.ts')>('mineone/native/bls');

const { bls } = loadBls();
const devnetOptions = { seed: 'embedding', clock: virtualClock(1_700_000_000_000), bls, miners: 1 };
const devnet = createDevnet(devnetOptions);

describe('an option that there is not', () => {
  it.each([
    [{ sead: 'x' }, 'sead', 'seed'],
    [{ faults: [{ name: 'reorg' }] }, 'faults', 'rivals'],
    [{ blockDelay: 2 }, 'blockDelay', 'blockDelaySecs'],
  ])('of createDevnet is refused, with the nearest: %o', (more, name, meant) => {
    const message = expect.stringContaining(`createDevnet: there is no option ${name}; did you mean ${name === 'faults' ? '' : meant}`);
    expect(() => createDevnet({ ...devnetOptions, ...more })).toThrow(expect.objectContaining({ code: 'DEVNET_OPTION', message }));
  });

  it('is refused within others too', () => {
    const message = 'createDevnet: there is no option rivals[0].cheats; did you mean rivals[0].cheat?';
    const rivals = [{ cheats: 'two-blocks' }] as never;
    expect(() => createDevnet({ ...devnetOptions, rivals })).toThrow(expect.objectContaining({ code: 'DEVNET_OPTION', message }));
    const miner = devnet.miners[0]?.address ?? expect.fail('no miner');
    expect(() => devnet.world.setMiner(miner, { feeDept: 7n } as never, 4)).toThrow(
      expect.objectContaining({ code: 'DEVNET_OPTION', message: 'world.setMiner: there is no option change.feeDept; did you mean change.feeDebt?' }),
    );
  });
});

describe('a devnet that is asked twice or too late', () => {
  it('says that it was started, or stopped, and stops once', async () => {
    const asked = createDevnet({ ...devnetOptions, clock: virtualClock(1_700_000_000_000) });
    asked.start();
    expect(() => asked.start()).toThrow(expect.objectContaining({ code: 'DEVNET_STARTED' }));
    await Promise.all([asked.stop(), asked.stop()]);
    expect(() => asked.start()).toThrow(expect.objectContaining({ code: 'DEVNET_STOPPED' }));
    const never = createDevnet(devnetOptions);
    await never.stop();
    expect(() => never.start()).toThrow(expect.objectContaining({ code: 'DEVNET_STOPPED' }));
  });
});

describe('options of createDevnet', () => {
  it.each([
    ['propagationDelaySecs', { blockDelaySecs: 2, propagationDelaySecs: 5 }],
    ['propagationDelaySecs', { blockDelaySecs: 2, propagationDelaySecs: 1, equivocationDelaySecs: 1 }],
    ['equivocationDelaySecs', { equivocationDelaySecs: 20 }],
  ])('names %s where no time is left in an epoch: %o', (option, delays) => {
    const message = expect.stringMatching(new RegExp(`^createDevnet: ${option}: expected .* together less than blockDelaySecs`));
    expect(() => createDevnet({ ...devnetOptions, ...delays })).toThrow(expect.objectContaining({ code: 'DEVNET_OPTION', message }));
  });

  it.each([
    ['seed', undefined],
    ['clock', undefined],
    ['clock', { now: Date.now }],
    ['bls', {}],
    ['powers', [5]],
    ['powers', [-1n]],
    ['rivals', 2],
    ['rivals[1].cheat', [{}, { cheat: 'lies' }]],
    ['rivals[0].power', [{ power: 5 }]],
    ['blockDelaySecs', 0],
    ['blockDelaySecs', 0.5],
    ['propagationDelaySecs', -1],
    ['equivocationDelaySecs', Number.NaN],
    ['genesisTimestamp', 5],
    ['traffic', -1],
    ['traffic', 1e9],
    ['rivals', Array.from({ length: 1001 }, () => ({}))],
    ['store', {}],
  ])('names %s where it is %o', (option, value) => {
    const [name = ''] = option.split('[');
    const message = `createDevnet: ${option}: expected`;
    expect(() => createDevnet({ ...devnetOptions, [name]: value })).toThrow(
      expect.objectContaining({ code: 'DEVNET_OPTION', message: expect.stringContaining(message) }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, '2', 1001, 1e9])('names miners where it is %o', (miners) => {
    expect(() => createDevnet({ ...devnetOptions, miners: miners as number })).toThrow(
      expect.objectContaining({ code: 'DEVNET_MINERS', message: expect.stringContaining('createDevnet: miners: expected one miner or more') }),
    );
  });

  it('names the argument of a hook of its world', () => {
    const { world } = createDevnet({ ...devnetOptions, rivals: [{}] });
    const miner = devnet.miners[0]?.address ?? expect.fail('no miner');
    for (const [call, name] of [
      [() => world.reorg(0), 'depth'],
      [() => world.cheat('lies' as 'two-blocks', 1), 'cheat'],
      [() => world.cheat('two-blocks', -1), 'from'],
      [() => world.nullRounds(-1, 2), 'from'],
      [() => world.nullRounds(3, 2), 'to'],
      [() => world.setMiner(miner, {}, -1), 'from'],
      [() => world.restart(-1), 'awayMs'],
    ] as const)
      expect(call).toThrow(expect.objectContaining({ code: 'DEVNET_OPTION', message: expect.stringMatching(new RegExp(`^world\\.\\w+: ${name}: expected`)) }));
  });
});

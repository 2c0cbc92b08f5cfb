/** A rival that cheats never wins: what is wrong is refused, and of two blocks neither is mined upon. */

import { describe, expect, it } from 'vitest';
import { equalAddress, formatAddress, idAddress } from '../../src/chain/address.ts';
import { CHEATS, type Cheat } from '../../src/devnet/setting/world.ts';
import { chainOf, type Mined, minedDevnet } from './fixtures/mined.ts';

const RIVAL = idAddress(1002);

/** What Lotus calls each of those that are refused. */
const REASONS: Readonly<Record<Exclude<Cheat, 'two-blocks'>, RegExp>> = {
  'wrong-ticket': /validating block tickets failed: vrf was invalid/,
  'wrong-win-count': /miner claims wrong number of wins: miner: \d+, computed: \d+/,
  'stolen-beacon': /expected final beacon entry in block to be at round \d+, got \d+/,
  'heavy-weight': /parent weight different: \d+ \(header\) != \d+ \(computed\)/,
};

function rejections({ events }: Mined): readonly string[] {
  return events.flatMap((event) => (event.type === 'rejected' ? [event.reason] : []));
}

function blocksOfRival({ devnet }: Mined): number {
  return chainOf(devnet).flatMap(({ blocks }) => blocks.filter(({ miner }) => equalAddress(miner, RIVAL))).length;
}

describe('a rival that always cheats', () => {
  it.for(CHEATS.filter((cheat) => cheat !== 'two-blocks'))('%s: refused in Lotus words, never on the chain', async (cheat) => {
    const mined = minedDevnet({ rivals: [{ cheat }] });
    await mined.run(1, 6);
    expect(rejections(mined).length).toBeGreaterThanOrEqual(3);
    for (const reason of rejections(mined)) expect(reason).toMatch(REASONS[cheat]);
    expect(blocksOfRival(mined)).toBe(0);
    expect(mined.devnet.head().height).toBe(6);
  });

  it('two-blocks: both valid, told, and neither under any later block', async () => {
    const mined = minedDevnet({ rivals: [{ cheat: 'two-blocks' }] });
    await mined.run(1, 6);
    const told = mined.events.filter((event) => event.type === 'equivocation');
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const event of told) expect([formatAddress(event.miner), event.cids.length]).toEqual(['f01002', 2]);
    expect(rejections(mined)).toEqual([]);
    expect(blocksOfRival(mined)).toBe(0);
    expect(mined.devnet.head().height).toBe(6);
  });

  it('even with most of the power', async () => {
    const mined = minedDevnet({ rivals: [{ cheat: 'heavy-weight', power: 2n ** 40n }] });
    await mined.run(1, 8);
    expect(blocksOfRival(mined)).toBe(0);
    expect(rejections(mined).length).toBeGreaterThanOrEqual(7);
  });
});

describe('a rival that cheats once', () => {
  it('is honest before and after', async () => {
    const mined = minedDevnet({ rivals: [{}] });
    mined.devnet.world.cheat('wrong-ticket', 3);
    await mined.run(1, 8);
    expect(rejections(mined)).toHaveLength(1);
    expect(blocksOfRival(mined)).toBeGreaterThanOrEqual(3);
  });

  it('needs to be there', () => {
    const { devnet } = minedDevnet();
    for (const pull of [() => devnet.world.cheat('two-blocks', 1), () => devnet.world.reorg()]) expect(pull).toThrow(/has no rivals/);
  });
});

/** horizonNotices: that mining will end is said at once, more often the nearer it is, and on after it has. */

import { describe, expect, it } from 'vitest';
import { virtualClock } from '../../src/adapters/virtual-clock.ts';
import { MAINNET } from '../../src/consensus/network/networks.ts';
import type { MineOneError } from '../../src/errors/mineone-error.ts';
import { horizonNotices } from '../../src/streams/horizon-notices.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const DAY = 2880;
const HEIGHT = 100 * DAY;
const network = { ...MAINNET, genesisTimestamp: 0n, unknownUpgrades: [{ name: 'Nova', height: HEIGHT }] };

/** What is said from one epoch to another, with the epoch of each. */
async function said(from: number, to: number): Promise<readonly (readonly [epoch: number, notice: MineOneError])[]> {
  const clock = virtualClock(from * 30_000);
  const all: (readonly [number, MineOneError])[] = [];
  const told = horizonNotices(network, clock).subscribe((notice) => all.push([clock.now() / 30_000, notice]));
  await turn();
  while (clock.now() < to * 30_000) {
    clock.ring();
    await turn();
  }
  told.unsubscribe();
  return all;
}

describe('the end of mining', () => {
  it('is said at once, however far, and then not until its last week', async () => {
    const all = await said(HEIGHT - 8 * DAY, HEIGHT - 6 * DAY + 1);
    expect(all.map(([epoch]) => epoch)).toEqual([HEIGHT - 8 * DAY, HEIGHT - 7 * DAY, HEIGHT - 6 * DAY]);
    expect(all[0]?.[1]).toMatchObject({
      code: 'UPGRADE_UNKNOWN',
      message: `upgrade Nova of network mainnet is not known to this version (the newest it knows is Solstice, nv 29): no epoch from ${HEIGHT} on is begun, in 8 days; install a version that knows it`,
    });
  });

  it('is said each hour of the last day, when it comes, and each day after', async () => {
    const all = await said(HEIGHT - 240, HEIGHT + DAY + 10);
    expect(all.map(([epoch]) => epoch - HEIGHT)).toEqual([-240, -120, 0, DAY]);
    expect(all.map(([, { message }]) => /: (.*);/.exec(message)?.[1])).toEqual([
      `no epoch from ${HEIGHT} on is begun, in 2 hours`,
      `no epoch from ${HEIGHT} on is begun, in 1 hour`,
      `nothing is mined any more, since epoch ${HEIGHT}`,
      `nothing is mined any more, since epoch ${HEIGHT}`,
    ]);
  });

  it('comes after the fields of the schedule that are not known, which are said once', async () => {
    const all: string[] = [];
    const clock = virtualClock((HEIGHT - 240) * 30_000);
    const told = horizonNotices({ ...network, unknownFields: ['NovaGasDuration'] }, clock).subscribe(({ code }) => all.push(code));
    await turn();
    clock.ring();
    await turn();
    told.unsubscribe();
    expect(all).toEqual(['UPGRADE_FIELD_UNKNOWN', 'UPGRADE_UNKNOWN']);
  });

  it('is no matter where all upgrades are known', async () => {
    let isOver = false;
    horizonNotices(MAINNET, virtualClock(0)).subscribe({ complete: () => (isOver = true) });
    await turn();
    expect(isOver).toBe(true);
  });
});

/** A handful of seeded lives in this process: one calm, some not; the many are in the slow file. */

import { describe, expect, it } from 'vitest';
import { FAULT_NAMES } from '../../src/devnet/faults/fault.ts';
import { EPOCHS, isCalm, scenarioOf } from './scenario.ts';
import { simulate } from './simulate.ts';
import { simulationBls } from './simulation-bls.ts';

const bls = simulationBls();
const seeds = Array.from({ length: 400 }, (_, i) => String(i + 1));
const first = (of: (scenario: ReturnType<typeof scenarioOf>) => boolean) => seeds.find((seed) => of(scenarioOf(seed))) as string;
/** No death is planned in it: whoever returns was ended by its disk. */
const DISK_SEED = '6';

it('holds every kind of trouble among its seeds', () => {
  const scenarios = seeds.map(scenarioOf);
  expect(new Set(scenarios.flatMap(({ faults }) => faults.map(({ name }) => name)))).toEqual(new Set(FAULT_NAMES));
  expect(new Set(scenarios.map(({ instances }) => instances))).toEqual(new Set([1, 2, 3]));
  expect(scenarios.filter(isCalm).length).toBeGreaterThan(25);
  expect(scenarios.filter(({ crashes, instances }) => crashes > 1 && instances > 1).length).toBeGreaterThan(50);
  expect(scenarios.filter(({ repeats, unsure }) => repeats > 0 && unsure > 0).length).toBeGreaterThan(20);
  expect(scenarios.filter(({ refused }) => refused > 0).length).toBeGreaterThan(50);
  expect(scenarios.filter(({ flushes }) => flushes > 0).length).toBeGreaterThan(200);
  for (const trouble of ['odd', 'lags', 'jumps', 'hangs'] as const) {
    expect(scenarios.filter((scenario) => scenario[trouble] > 0).length).toBeGreaterThan(50);
    expect(scenarios.filter((scenario) => scenario[trouble] > 0 && scenario.crashes > 0 && scenario.faults.length > 0).length).toBeGreaterThan(20);
  }
});

describe('a seed', () => {
  it('without faults mines whatever it wins', async () => {
    const { broken, counts, scenario } = await simulate(
      first((scenario) => isCalm(scenario) && scenario.instances === 1),
      { bls },
    );
    expect(broken).toEqual([]);
    expect(counts.returns).toBe(0);
    expect(counts.mined).toBeGreaterThan((EPOCHS * scenario.miners) / 2);
  });

  it('with a disk that fails takes up its journal again, or is started again, and holds what must hold', async () => {
    const { broken, counts } = await simulate(DISK_SEED, { bls });
    expect(broken).toEqual([]);
    expect(counts.refused).toBeGreaterThan(0);
    expect(counts.returns).toBeGreaterThan(0);
  });

  it('with deaths and repeated results holds what must hold, and is the same twice', async () => {
    const seed = first(({ crashes, repeats, instances }) => crashes === 4 && repeats > 0 && instances === 1);
    const once = await simulate(seed, { bls });
    expect(once.broken).toEqual([]);
    expect(once.counts.returns).toBeGreaterThan(0);
    expect((await simulate(seed, { bls })).heads).toEqual(once.heads);
  });
});

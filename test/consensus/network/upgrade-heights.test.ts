/**
 * Heights of upgrades as nodes and network files write them: under either name, switched off, beyond any double, or of
 * a name nobody here knows.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/chain/encoding/json.ts';
import { beaconRound } from '../../../src/consensus/beacon.ts';
import { fieldsWarning, horizonOf, horizonWarning, lastMinedEpoch } from '../../../src/consensus/network/horizon.ts';
import { NEVER, type NetworkParams, networkVersion } from '../../../src/consensus/network/network.ts';
import { networkFromJson, networkToJson } from '../../../src/consensus/network/network-file.ts';
import { sharedData, suiteName } from '../../shared-data.ts';

const LOTUS = readFileSync(new URL('../../cassette/devnet-2k.network.json', import.meta.url), 'utf8');
const XX = '"UpgradeXxHeight": 99999999';

/** The network file of the cassette, its last height replaced by these fields. */
function withLast(fields: string): NetworkParams {
  expect(LOTUS).toContain(XX);
  return networkFromJson(parseJson(LOTUS.replace(XX, fields)));
}

/** …and its genesis version too. */
function bornWith(version: number, fields: string): NetworkParams {
  return networkFromJson(parseJson(LOTUS.replace(XX, fields).replace('"genesisNetworkVersion": 28', `"genesisNetworkVersion": ${version}`)));
}

describe('the same upgrade under two names', () => {
  it('is Solstice, as Xx before it was named and as itself since', () => {
    const before = withLast('"UpgradeXxHeight": 77');
    expect(before).toEqual(withLast('"UpgradeSolsticeHeight": 77'));
    expect(before.upgrades.solstice).toBe(77);
    expect(before.unknownUpgrades).toBeUndefined();
    expect([77, 78].map((epoch) => networkVersion(before, epoch))).toEqual([28, 29]);
  });

  it('is one upgrade where both names have one height', () => {
    expect(withLast('"UpgradeXxHeight": 77, "UpgradeSolsticeHeight": 77')).toEqual(withLast('"UpgradeSolsticeHeight": 77'));
  });

  it('is one upgrade also where the network was born with version 29, and then has no horizon', () => {
    const both = bornWith(29, '"UpgradeXxHeight": 100, "UpgradeSolsticeHeight": 100');
    expect(both).toEqual(bornWith(29, '"UpgradeSolsticeHeight": 100'));
    expect([horizonOf(both), lastMinedEpoch(both), networkVersion(both, 101)]).toEqual([null, NEVER, 29]);
    // At another height it is the one after Solstice.
    expect(horizonOf(bornWith(29, '"UpgradeXxHeight": 100, "UpgradeSolsticeHeight": -33'))).toEqual({ height: 100, what: 'upgrade Xx' });
  });

  it('is two where Solstice has its own: Xx is the next, which nobody knows', () => {
    const params = withLast('"UpgradeXxHeight": 99999999, "UpgradeSolsticeHeight": 3');
    expect(params.upgrades.solstice).toBe(3);
    expect(params.unknownUpgrades).toEqual([{ name: 'Xx', height: 99_999_999 }]);
  });

  it('is FireHorse to a node of its time, which knows of no Solstice', () => {
    const old = LOTUS.replace('"UpgradeFireHorseHeight": -32,', '').replace('"genesisNetworkVersion": 28', '"genesisNetworkVersion": 27');
    const { upgrades } = networkFromJson(parseJson(old));
    expect(upgrades).toMatchObject({ fireHorse: 99_999_999, solstice: NEVER });
    // Born with 28 it would have to say when FireHorse was.
    const contradictory = parseJson(LOTUS.replace('"UpgradeFireHorseHeight": -32,', ''));
    expect(() => networkFromJson(contradictory)).toThrow('networkParams.ForkUpgradeParams.UpgradeFireHorseHeight');
  });
});

describe('an upgrade that is not named', () => {
  it('is not scheduled, if it is later than all that are: a node may be older than this version', () => {
    expect(withLast('"Later": 1').upgrades.solstice).toBe(NEVER);
    expect(networkVersion(withLast('"Later": 1'), NEVER)).toBe(28);
  });

  it('must be, if the network was born with it', () => {
    expect(() => bornWith(29, '"Later": 1')).toThrow('networkParams.ForkUpgradeParams.UpgradeSolsticeHeight: expected an integer, got nothing');
  });
});

describe('heights that no double holds', () => {
  it.each([
    ['2^53 + 1', '9007199254740993', NEVER],
    ['the greatest of 64 bits', '9223372036854775807', NEVER],
    ['i64::MIN, which Forest writes', '-9223372036854775808', -NEVER],
    ['i64::MIN + 1', '-9223372036854775807', -NEVER],
    ['-2^53', '-9007199254740992', -NEVER],
    ['the last that is an epoch', '9007199254740991', NEVER],
    ['the one before it', '9007199254740990', 9007199254740990],
    ['a text', '"77"', 77],
  ])('%s', (_, text, height) => {
    const params = withLast(`"UpgradeSolsticeHeight": ${text}`);
    expect(params.upgrades.solstice).toBe(height);
    expect([0, 1_000_000].map((epoch) => networkVersion(params, epoch))).toEqual([28, height === 77 ? 29 : 28]);
    // Who parsed the file with JSON.parse has the neighbour of it: the same height.
    expect(networkFromJson(JSON.parse(LOTUS.replace(XX, `"UpgradeSolsticeHeight": ${text}`)))).toEqual(params);
    expect(networkFromJson(parseJson(JSON.stringify(networkToJson(params))))).toEqual(params);
  });

  it.each(['9223372036854775808', '-9223372036854775809', '18446744073709551616'])('%s has more than 64 bits', (text) => {
    expect(() => withLast(`"UpgradeSolsticeHeight": ${text}`)).toThrow(`UpgradeSolsticeHeight: expected an integer of 64 bits, got ${text}`);
  });
});

describe('other integers of a node', () => {
  const file = (field: string, text: string): string => LOTUS.replace(new RegExp(`"${field}": [^,\\n]+`), `"${field}": ${text}`);

  it('are read exactly beyond 2^53', () => {
    expect(networkFromJson(parseJson(file('ConsensusMinerMinPower', '9007199254740993'))).consensusMinerMinPower).toBe(9007199254740993n);
    expect(networkFromJson(parseJson(file('Eip155ChainID', '9007199254740993'))).eip155ChainId).toBe(9007199254740993n);
    const late = networkFromJson(parseJson(file('GenesisTimestamp', '9007199254740993')));
    expect(late.genesisTimestamp).toBe(9007199254740993n);
    expect(networkFromJson(parseJson(JSON.stringify(networkToJson(late))))).toEqual(late);
    // A double of it is another number: refused, never taken.
    expect(() => networkFromJson(JSON.parse(file('ConsensusMinerMinPower', '9007199254740993')))).toThrow('ConsensusMinerMinPower: expected an integer');
  });
});

describe('a name nobody knows', () => {
  it('is kept with its height, the others in the order of theirs; one that is switched off is none', () => {
    const params = withLast('"UpgradeSolsticeHeight": 3, "UpgradeNovaHeight": 90, "UpgradeXxHeight": 80, "UpgradeGoneHeight": -5');
    expect(params.upgrades.solstice).toBe(3);
    expect(params.unknownUpgrades).toEqual([
      { name: 'Xx', height: 80 },
      { name: 'Nova', height: 90 },
    ]);
    expect(networkVersion(params, 1000)).toBe(29);
    expect(networkFromJson(parseJson(JSON.stringify(networkToJson(params))))).toEqual(params);
  });

  it('is none of the mends of a state between upgrades, nor a span that nodes write', () => {
    const fields = '"UpgradeSolsticeHeight": 3, "UpgradeTockFixHeight": 2, "UpgradeTuktukPowerRampDurationEpochs": 9';
    expect(withLast(fields)).toEqual(withLast('"UpgradeSolsticeHeight": 3'));
    expect(fieldsWarning(withLast(fields))).toBeNull();
  });

  it.each([
    ['upgradeNovaHeight', 'upgradeNovaHeight'],
    ['UpgradeNova-2Height', 'Nova-2'],
    ['UpgradeNovaEpoch', 'UpgradeNovaEpoch'],
    ['UpgradeNováHeight', 'Nová'],
    ['UPGRADENOVAHEIGHT', 'UPGRADENOVAHEIGHT'],
    ['upgradeSolsticeHeight', 'upgradeSolsticeHeight'],
    ['Nova', 'Nova'],
  ])('spelled %s is an upgrade that is not known: nothing is mined from its height on', (field, name) => {
    const params = withLast(`"UpgradeSolsticeHeight": -33, "${field}": 100`);
    expect(params.unknownUpgrades).toEqual([{ name, height: 100 }]);
    expect([horizonOf(params)?.height, lastMinedEpoch(params)]).toEqual([100, 99]);
    expect(horizonWarning(params)?.message).toContain(`upgrade ${name} (epoch 100), not known to this version (the newest it knows is Solstice, nv 29)`);
    expect(networkFromJson(parseJson(JSON.stringify(networkToJson(params))))).toEqual(params);
  });

  it('without a height is no upgrade, and not passed over in silence', () => {
    const params = withLast('"UpgradeSolsticeHeight": 3, "NovaGasDuration": 7, "UpgradeNova": null, "upgradeGoneHeight": -5');
    expect([params.unknownUpgrades, horizonWarning(params)]).toEqual([undefined, null]);
    expect(params.unknownFields).toEqual(['NovaGasDuration', 'UpgradeNova', 'upgradeGoneHeight']);
    expect(fieldsWarning(params)).toMatchObject({
      code: 'UPGRADE_FIELD_UNKNOWN',
      message: expect.stringMatching(/"NovaGasDuration", "UpgradeNova", "upgradeGoneHeight"; known are Upgrade…Height of each upgrade/),
    });
    expect(networkFromJson(parseJson(JSON.stringify(networkToJson(params))))).toEqual(params);
  });
});

describe('an upgrade beside the schedule, and not in it', () => {
  /** The file of the cassette with these fields right in `networkParams`. */
  const beside = (fields: string, last = XX): NetworkParams =>
    networkFromJson(parseJson(LOTUS.replace(XX, last).replace('"ForkUpgradeParams": {', `${fields}, "ForkUpgradeParams": {`)));

  it.each([
    ['"UpgradeNovaHeight": 100', '"UpgradeNovaHeight": 100'],
    ['"upgradeNova": 100', '"upgradeNova": 100'],
    ['"NovaHeight": 100', '"NovaHeight": 100'],
    ['"UpgradeSolsticeHeight": 77', '"UpgradeSolsticeHeight": 77'],
    ['"UpgradeNovaSpan": null', '"UpgradeNovaSpan": null'],
    ['"UpgradeSchedule": {}', '"UpgradeSchedule": {}'],
  ])('is judged as if it stood there: %s', (fields, inside) => {
    expect(beside(fields)).toEqual(withLast(`${XX}, ${inside}`));
    expect(beside(fields)).not.toEqual(withLast(XX));
  });

  it('is one where both places say the same, and is refused by name where they do not', () => {
    expect(beside('"UpgradeXxHeight": 77', '"UpgradeXxHeight": 77')).toEqual(withLast('"UpgradeXxHeight": 77'));
    expect(() => beside('"UpgradeXxHeight": 78', '"UpgradeXxHeight": 77')).toThrow(
      'networkParams.UpgradeXxHeight: expected one value, got 78 here and 77 in ForkUpgradeParams',
    );
  });

  it('is none of what nodes say besides', () => {
    expect(beside('"SupportedProofTypes": [8], "MaxReorg": 900')).toEqual(withLast(XX));
  });
});

const found = { born13: sharedData('found/genesis-version-13.network.json'), unknown: sharedData('found/unknown-upgrade.network.json') };

describe.skipIf(found.born13.absent)(suiteName('a network born with version 13', found.born13.absent), () => {
  const params = found.born13.absent ? undefined : networkFromJson(parseJson(readFileSync(found.born13.path, 'utf8')));

  it('has it while every upgrade is switched off: one round a block, as before version 16', () => {
    const born = params ?? expect.fail();
    expect([0, 1, 1000, 99_999_999, 100_000_000].map((epoch) => networkVersion(born, epoch))).toEqual([13, 13, 13, 13, 29]);
    // (genesis + 30 * (E - 1) - drand's genesis) / 30, without the 1 that version 16 adds.
    expect([1, 2, 3].map((epoch) => beaconRound(born, epoch))).toEqual([1_005_293n, 1_005_294n, 1_005_295n]);
  });
});

describe.skipIf(found.unknown.absent)(suiteName('a network with an upgrade at height 3', found.unknown.absent), () => {
  const text = found.unknown.absent ? '' : readFileSync(found.unknown.path, 'utf8');

  it('is Solstice, and Xx the one after it', () => {
    const params = networkFromJson(parseJson(text));
    expect([3, 4].map((epoch) => networkVersion(params, epoch))).toEqual([28, 29]);
    expect(params.unknownUpgrades).toEqual([{ name: 'Xx', height: 99_999_999 }]);
  });

  it('is unknown under a name of tomorrow: read all the same, by what is known', () => {
    const params = networkFromJson(parseJson(text.replace('UpgradeSolsticeHeight', 'UpgradeNovaHeight')));
    expect(params.unknownUpgrades).toEqual([{ name: 'Nova', height: 3 }]);
    expect([3, 4, 100_000_000].map((epoch) => networkVersion(params, epoch))).toEqual([28, 28, 29]);
  });
});

describe('what nodes were recorded to answer', () => {
  /** The file of the cassette with this answer of a node in it. */
  const fileOf = (answer: string): NetworkParams => {
    const file = JSON.parse(LOTUS);
    const whole = JSON.stringify({ ...file, networkParams: '$', genesisNetworkVersion: 27 });
    return networkFromJson(parseJson(whole.replace('"$"', answer)));
  };
  const recorded = (name: string, pattern: RegExp): string => {
    const lines = gunzipSync(readFileSync(sharedData(`cassette/${name}`).path))
      .toString()
      .replaceAll('\\"', '"');
    return pattern.exec(lines)?.[0] ?? expect.fail(`nothing in ${name}`);
  };
  const ANSWER = /\{"NetworkName":[^{}]*"ForkUpgradeParams":\{[^{}]*\}[^{}]*\}/;
  const { absent } = sharedData('cassette');

  it.skipIf(absent)(suiteName('Forest: Solstice by its name, Phoenix switched off by -2^63', absent), () => {
    const { upgrades, unknownUpgrades, consensusMinerMinPower } = fileOf(recorded('forest-devnet-live.jsonl.gz', ANSWER));
    expect(upgrades).toMatchObject({ phoenix: -NEVER, fireHorse: -32, solstice: 9_999_999_999 });
    expect([unknownUpgrades, consensusMinerMinPower]).toEqual([undefined, 2040n]);
  });

  it.skipIf(absent)(suiteName('Venus: FireHorse to come, nothing after it, and no genesis time', absent), () => {
    const answer = recorded('venus-node.jsonl.gz', ANSWER);
    expect(() => fileOf(answer)).toThrow('networkParams.GenesisTimestamp');
    const { upgrades, unknownUpgrades } = fileOf(answer.replace('"Eip155ChainID"', '"GenesisTimestamp":1795354732,"Eip155ChainID"'));
    expect(upgrades).toMatchObject({ smoke: -2, fireHorse: 99_999_999, solstice: NEVER });
    expect(unknownUpgrades).toBeUndefined();
  });
});

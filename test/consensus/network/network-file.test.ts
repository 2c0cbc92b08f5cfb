/**
 * Network files: the two of the cassette, and an error that names the field for everything that can be missing or
 * wrong.
 */

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/chain/encoding/bytes.ts';
import { type NetworkParams, networkVersion } from '../../../src/consensus/network/network.ts';
import { networkFromJson, networkToJson } from '../../../src/consensus/network/network-file.ts';
import { BUTTERFLYNET, CALIBNET, devnet2k, MAINNET } from '../../../src/consensus/network/networks.ts';
import { DecodeError } from '../../../src/errors/mineone-error.ts';

type Json = { [key: string]: unknown };

function cassette(name: string): string {
  return readFileSync(new URL(`../../cassette/${name}.network.json`, import.meta.url), 'utf8');
}

/** A fresh copy each time, so that a test may damage it. */
function devnet(): Json {
  return JSON.parse(cassette('devnet-2k'));
}

function refusal(json: unknown): DecodeError {
  try {
    networkFromJson(json);
  } catch (error) {
    if (error instanceof DecodeError) return error;
    throw error;
  }
  return expect.fail('it was taken');
}

/** The file with one value replaced, or taken out where it is undefined. */
function damaged(path: string, value: unknown): Json {
  const file = devnet();
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const owner = keys.reduce((object: Json, key) => object[key] as Json, file);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return file;
}

describe('the cassette’s network files', () => {
  it('devnet-2k', () => {
    const { upgrades, beacons, ...rest } = networkFromJson(JSON.parse(cassette('devnet-2k')));
    expect(rest).toEqual({
      name: 'devnet-2k',
      genesisTimestamp: 1_795_354_732n,
      blockDelaySecs: 4,
      consensusMinerMinPower: 2048n,
      eip155ChainId: 31_415_926n,
      breezeGasTampingDuration: 0,
      genesisVersion: 28,
      propagationDelaySecs: 1,
      equivocationDelaySecs: 0,
      insecurePoSt: true,
      whitelistedBlocks: [],
    } satisfies Omit<NetworkParams, 'upgrades' | 'beacons'>);
    // Lotus numbers them in an order of its own; what counts is that all but the last are behind.
    expect(upgrades).toMatchObject({
      smoke: -1,
      breeze: -1,
      ignition: -2,
      refuel: -3,
      tape: -4,
      assembly: -5,
      liftoff: -6,
      fireHorse: -32,
      solstice: 99_999_999,
    });
    expect(Object.entries(upgrades).filter(([, height]) => height >= 0)).toEqual([['solstice', 99_999_999]]);
    expect([0, 1, 368, 99_999_999, 100_000_000].map((epoch) => networkVersion({ ...rest, upgrades, beacons }, epoch))).toEqual([28, 28, 28, 28, 29]);
    expect(
      beacons.map(({ start, network: { name, scheme, publicKey, periodSecs, genesisTime } }) => [
        start,
        name,
        scheme,
        publicKey.length,
        periodSecs,
        genesisTime,
      ]),
    ).toEqual([[0, 'devnet', 'bls-unchained-g1-rfc9380', 96, 3, 1_692_803_367n]]);
  });

  it('devnet-2k-realpost: slower, proofs real', () => {
    expect(networkFromJson(JSON.parse(cassette('devnet-2k-realpost')))).toMatchObject({
      name: 'devnet-2k-realpost',
      genesisTimestamp: 1_795_354_828n,
      blockDelaySecs: 20,
      propagationDelaySecs: 3,
      insecurePoSt: false,
      genesisVersion: 28,
    });
  });

  it('devnet-2k is what its node answered, word for word', () => {
    const recorded = JSON.parse(gunzipSync(readFileSync(new URL('../../cassette/devnet-2k.json.gz', import.meta.url))).toString());
    const file = devnet();
    expect(file['networkParams']).toEqual(recorded.networkParams);
    const [{ chainInfo }] = file['beacons'] as [{ readonly chainInfo: unknown }];
    expect(chainInfo).toEqual(recorded.beacon.chainInfo);
    const { beacons, ...params } = networkFromJson(file);
    expect(params).toMatchObject({
      name: recorded.networkName,
      genesisTimestamp: BigInt(recorded.genesisTimestamp),
      blockDelaySecs: recorded.blockDelaySecs,
      propagationDelaySecs: recorded.propagationDelaySecs,
      equivocationDelaySecs: recorded.equivocationDelaySecs,
      genesisVersion: recorded.networkVersion,
    });
    expect(toHex(beacons[0]?.network.publicKey ?? fromHex(''))).toBe(recorded.beacon.chainInfo.public_key);
  });
});

describe('a network file without a field', () => {
  const required = [
    'networkParams',
    'networkParams.NetworkName',
    'networkParams.BlockDelaySecs',
    'networkParams.ConsensusMinerMinPower',
    'networkParams.Eip155ChainID',
    'networkParams.GenesisTimestamp',
    'networkParams.ForkUpgradeParams',
    // The last of them a node may not know yet.
    ...Object.keys((devnet()['networkParams'] as { readonly ForkUpgradeParams: Json }).ForkUpgradeParams)
      .filter((key) => key !== 'UpgradeXxHeight')
      .map((key) => `networkParams.ForkUpgradeParams.${key}`),
    'genesisNetworkVersion',
    'propagationDelaySecs',
    'equivocationDelaySecs',
    'beacons',
    'beacons.0.start',
    'beacons.0.chainInfo',
    'beacons.0.chainInfo.public_key',
    'beacons.0.chainInfo.period',
    'beacons.0.chainInfo.genesis_time',
    'beacons.0.chainInfo.schemeID',
    'insecurePoSt',
  ];

  it.each(required)('%s names it', (path) => {
    const { place, message } = refusal(damaged(path, undefined));
    expect(place).toBe(`network file.${path.replace('.0.', '[0].')}`);
    expect(message).toContain(path.split('.').at(-1));
  });

  it('is taken without those that need not be there', () => {
    for (const path of [
      '$comment',
      'whitelistedBlocks',
      'networkParams.PreCommitChallengeDelay',
      'beacons.0.chainInfo.hash',
      'beacons.0.chainInfo.groupHash',
    ]) {
      expect(networkFromJson(damaged(path, undefined))).toEqual(networkFromJson(devnet()));
    }
    expect(networkFromJson(damaged('beacons.0.chainInfo.metadata', undefined)).beacons[0]?.network.name).toBe('drand');
  });

  it('counts 51 that do', () => {
    expect(required).toHaveLength(51);
  });
});

describe('a network file with a wrong field', () => {
  it.each([
    ['networkParams', []],
    ['networkParams.NetworkName', 7],
    ['networkParams.BlockDelaySecs', 0],
    ['networkParams.BlockDelaySecs', '4.5'],
    ['networkParams.ConsensusMinerMinPower', 'much'],
    ['networkParams.Eip155ChainID', null],
    ['networkParams.GenesisTimestamp', 1.5],
    ['networkParams.ForkUpgradeParams', 'none'],
    ['networkParams.ForkUpgradeParams.UpgradeSmokeHeight', true],
    ['networkParams.ForkUpgradeParams.UpgradeXxHeight', '9223372036854775809'],
    ['networkParams.ForkUpgradeParams.UpgradeXxHeight', 1.5],
    ['networkParams.ForkUpgradeParams.UpgradeNovaHeight', 'soon'],
    ['networkParams.ConsensusMinerMinPower', 2 ** 53],
    ['networkParams.ForkUpgradeParams.BreezeGasTampingDuration', -1],
    ['genesisNetworkVersion', '28a'],
    ['genesisNetworkVersion', -1],
    ['propagationDelaySecs', {}],
    ['propagationDelaySecs', -1],
    ['propagationDelaySecs', -0.5],
    ['propagationDelaySecs', 0.3],
    ['equivocationDelaySecs', false],
    ['equivocationDelaySecs', -1],
    ['beacons', {}],
    ['beacons', []],
    ['beacons.0', 7],
    ['beacons.0.start', 'soon'],
    ['beacons.0.chainInfo', null],
    ['beacons.0.chainInfo.public_key', 'b6be9'],
    ['beacons.0.chainInfo.public_key', 'b6be'],
    ['beacons.0.chainInfo.period', 0],
    ['beacons.0.chainInfo.genesis_time', ''],
    ['beacons.0.chainInfo.schemeID', 'pedersen-bls-unchained'],
    ['beacons.0.chainInfo.metadata', 'devnet'],
    ['beacons.0.chainInfo.metadata.beaconID', 3],
    ['insecurePoSt', 'no'],
    ['whitelistedBlocks', 'bafy'],
    ['whitelistedBlocks', ['bafy']],
    ['whitelistedBlocks', [7]],
  ])('%s: %j', (path, value) => {
    expect(refusal(damaged(path, value)).place).toBe(`network file.${path.replace('.0', '[0]')}`);
  });

  it('says what it expected', () => {
    expect(refusal(damaged('beacons.0.chainInfo.schemeID', 'bls-g1')).reason).toContain('pedersen-bls-chained and bls-unchained-g1-rfc9380, got bls-g1');
    expect(refusal(damaged('beacons.0.chainInfo.public_key', 'b6be')).reason).toContain('96 bytes, got 2');
    expect(refusal(damaged('beacons.0.start', 100)).message).toBe('network file.beacons: expected a drand network from epoch 0 on');
  });

  it.each([{ json: null }, { json: [] }, { json: 'mainnet' }, { json: 7 }, { json: undefined }])('is no object: $json', ({ json }) => {
    expect(refusal(json).message).toMatch(/^network file: expected an object, got /);
  });
});

describe('an unknown field', () => {
  it('is refused by its name, with the names that are known', () => {
    const { message, code } = refusal({ ...devnet(), insecurePost: true });
    expect(code).toBe('NETWORK_FILE');
    expect(message).toBe(
      'network file: unknown field "insecurePost"; known are networkParams, genesisNetworkVersion, propagationDelaySecs, equivocationDelaySecs, beacons, insecurePoSt, whitelistedBlocks, genesisCid',
    );
  });
});

describe('drand networks of a file', () => {
  it('stand in the order of their starts, whatever the file’s', () => {
    const file = devnet();
    const [only] = file['beacons'] as [Json];
    const params = networkFromJson({ ...file, beacons: [{ ...only, start: 100 }, only, { ...only, start: 50 }] });
    expect(params.beacons.map(({ start }) => start)).toEqual([0, 50, 100]);
  });

  it('may be chained: a key of 48 bytes', () => {
    const file = damaged('beacons.0.chainInfo.schemeID', 'pedersen-bls-chained');
    expect(refusal(file).reason).toContain('48 bytes, got 96');
    const [{ chainInfo }] = file['beacons'] as [{ readonly chainInfo: Json }];
    chainInfo['public_key'] = '8c'.repeat(48);
    expect(networkFromJson(file).beacons[0]?.network).toMatchObject({ scheme: 'pedersen-bls-chained', publicKey: fromHex('8c'.repeat(48)) });
  });

  it('may name blocks whose messages are not checked', () => {
    const cid = 'bafy2bzaceapyg2uyzk7vueh3xccxkuwbz3nxewjyguoxvhx77malc2lzn2ybi';
    expect(networkFromJson({ ...devnet(), whitelistedBlocks: [cid] }).whitelistedBlocks).toEqual([cid]);
  });
});

describe('a network as a file', () => {
  const devnet = { ...devnet2k(1_598_306_400n), propagationDelaySecs: 0.625, equivocationDelaySecs: 0.125 };

  it.for([MAINNET, CALIBNET, BUTTERFLYNET, devnet])('is read as what it was: $name', (params) => {
    expect(networkFromJson(JSON.parse(JSON.stringify(networkToJson(params))))).toEqual(params);
  });
});

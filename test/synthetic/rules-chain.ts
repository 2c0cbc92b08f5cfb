/**
 * A made chain over the upgrades that change how fees, tickets and messages are judged, with messages in the bases
 * about each (docs/protocol.md 2.1, 2.11, 4.1, 4.7).
 */

import type { Epoch } from '../../src/chain/epoch.ts';
import type { Bls } from '../../src/consensus/signatures/bls.ts';
import { madeDrand } from './made/drand.ts';
import { madeMessage, nextNonce } from './made/message.ts';
import { fill, mine } from './sealed-block.ts';
import { SENDER, SOLE, type SoleMinerChain, soleMinerChain } from './sole-miner.ts';

/** The base fee is held at 100 for five epochs. */
export const BREEZE = 10;
export const BREEZE_END = 15;
export const SMOKE = 30;
export const RULES_CALICO = 48;
/** The last epoch in which nonces are counted by address, the version of Hyperdrive from the next on. */
export const HYPERDRIVE = 52;
export const HYGGE = 60;
/** The second sender's account comes into being. */
export const NEW_SENDER_AT = 70;
export const RULES_FIRE_HORSE = 80;

export function rulesChain(bls: Bls): SoleMinerChain {
  const heights = {
    breeze: BREEZE,
    smoke: SMOKE,
    ignition: 40,
    assembly: 45,
    calico: RULES_CALICO,
    persian: HYPERDRIVE,
    skyr: 55,
    hygge: HYGGE,
    lightning: 65,
    fireHorse: RULES_FIRE_HORSE,
  };
  const drand = madeDrand(bls, { name: 'quick', scheme: 'bls-unchained-g1-rfc9380', periodSecs: 3, genesisTime: 1_695_000_001n });
  const chain = soleMinerChain(bls, { name: 'made-rules', heights, beacons: [{ start: 0, drand }], newSenderAt: NEW_SENDER_AT });
  for (const [epoch, gas] of SIGNED) {
    busy(chain, epoch - 1);
    mine(chain, epoch, [SOLE], { messages: gas === 0n ? [] : [messageOf(chain, gas)] });
  }
  fill(chain, 90);
  return chain;
}

/** Below the target of 5e9 gas, above it for blocks packed to 4/5. */
const BETWEEN = 4_400_000_000n;
const FULL = 9_000_000_000n;

/** Epochs of signed blocks, and the gas of their one message. */
const SIGNED: readonly (readonly [Epoch, bigint])[] = [
  [BREEZE, FULL],
  [BREEZE + 1, 0n],
  [BREEZE + 2, 0n],
  [BREEZE_END - 1, FULL],
  [BREEZE_END, FULL],
  [BREEZE_END + 1, 0n],
  [SMOKE, BETWEEN],
  [SMOKE + 1, BETWEEN],
  [SMOKE + 2, 0n],
  [RULES_FIRE_HORSE - 1, FULL],
  [RULES_FIRE_HORSE, FULL],
  [RULES_FIRE_HORSE + 1, 0n],
  [RULES_FIRE_HORSE + 2, 0n],
];

/** Unsigned blocks, full ahead of Smoke and FireHorse: fees are to be well above their minimum there. */
function busy(chain: SoleMinerChain, to: Epoch): void {
  for (let epoch = chain.head().height + 1; epoch <= to; epoch++) {
    const full = (epoch >= SMOKE - 10 && epoch < SMOKE) || epoch >= RULES_FIRE_HORSE - 10;
    fill(chain, epoch, full ? [messageOf(chain, FULL)] : []);
  }
}

function messageOf(chain: SoleMinerChain, gasLimit: bigint) {
  return madeMessage(chain.bls, chain.sender, { nonce: nextNonce(chain.head(), SENDER), gasLimit, gasPremium: 40n });
}

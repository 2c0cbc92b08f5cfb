/**
 * Codes of the actors that the devnet's states have: those of actors v18 as released for devnets (docs/protocol.md
 * 4.5).
 */

import { parseCid } from '../../chain/encoding/cid.ts';

export const CODES = {
  system: parseCid('bafk2bzacedced5maxljwmavukjvtnmknpzoullfcwk3upaz5x5hvvdl2pk24e'),
  init: parseCid('bafk2bzaced23vlf6nemlulavy2ouxuvudxe3jbu4klc74tcgruafrqu2fnt3c'),
  reward: parseCid('bafk2bzacedchalmz2omgitfunbqg5opzcvrlvju77k6dr5zt2poyy7jjzkvwa'),
  storagepower: parseCid('bafk2bzacebydegz3ap6xgejojdu3usfddhyrj476f25ooahgcqko6d7djynas'),
  account: parseCid('bafk2bzacedpmhtrp2kdjoga2phrbi3f7z7wn25s3tluxoagcu7hsg2ppktxbw'),
  storageminer: parseCid('bafk2bzacedhvcxgdz2w75izwa5s5dwvsrxsnzkjcbpbresziyrrjrsvjzwvxe'),
} as const;

export const SYSTEM_ID = 0n;
export const INIT_ID = 1n;
export const REWARD_ID = 2n;
export const POWER_ID = 4n;
/** Where burnt tokens lie: nobody has its key. */
export const BURNT_ID = 99n;

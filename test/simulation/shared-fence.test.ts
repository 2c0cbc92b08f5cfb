/** The fence of the simulated instances against the one contract. */

import { seededRandom } from '../../src/devnet/setting/seed.ts';
import { fenceContract } from '../contract/fence-contract.ts';
import { sharedFence } from './shared-fence.ts';

fenceContract({
  name: 'shared',
  kind: 'shared',
  open() {
    let unsure = 0;
    const fence = sharedFence(seededRandom('a seed', 'fence'), () => unsure);
    return {
      handles: [fence, fence],
      lose(isLost) {
        unsure = isLost ? 1 : 0;
      },
    };
  },
});

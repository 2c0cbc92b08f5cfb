/**
 * The fence of a lone instance against the one contract; the shared one is the simulation's
 * (test/simulation/shared-fence.test.ts).
 */

import { localFence } from '../../src/adapters/local-fence.ts';
import { fenceContract } from '../contract/fence-contract.ts';

fenceContract({
  name: 'local',
  kind: 'alone',
  open() {
    const fence = localFence();
    return { handles: [fence, fence] };
  },
});

// The contract of connections, over everything that can be had on this machine.

import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectionContract } from './contract.ts';
import { isRoot, noSshd, plainSpec, type Sshd, startSshd } from './sshd.ts';

connectionContract('local', { spec: () => plainSpec('local') });

if (isRoot) connectionContract('chroot', { spec: () => plainSpec('chroot', { address: '/' }) });
else describe('a connection by chroot', () => it.skip('needs root', () => {}));

if (noSshd !== undefined) describe('a connection by ssh', () => it.skip(noSshd!, () => {}));
else {
  describe('with an sshd', () => {
    let sshd: Sshd;
    beforeAll(async () => {
      sshd = await startSshd();
    });
    afterAll(() => sshd?.stop());
    connectionContract('ssh2', { spec: () => sshd.spec('ssh2') });
    connectionContract('openssh', { spec: () => sshd.spec('openssh') });
  });
}

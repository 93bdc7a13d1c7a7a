// A folder as a host: the shell runs beneath it by chroot(8). Mirrors community.general.chroot.

import { ConnectionError } from '../model/errors.ts';
import { processTransport } from './process.ts';
import type { Transport } from './transport.ts';
import { shellWords } from './words.ts';

/** The host's address is the folder; `ansible_chroot_exe` names another program than chroot. */
export const CHROOT: Transport = {
  async dial(spec) {
    if (!spec.address.startsWith('/')) {
      throw new ConnectionError('unsupported', `chroot connection: ${spec.address} is not the path of a folder`, {
        hint: 'name the folder by ansible_host',
      });
    }
    if (process.getuid?.() !== 0) throw new ConnectionError('auth', 'chroot connection requires running as root');
    const exe = shellWords(spec.extra['ansible_chroot_exe'] ?? 'chroot');
    return processTransport((argv) => [...exe, spec.address, ...argv]);
  },
};

// Runs a script inside a root filesystem that is being built: mount and pid namespaces of its own, so that nothing it mounts or
// starts outlives it; the network is the machine's, for apt.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote, run } from './command.ts';
import { put } from './paths.ts';

/** A folder of the machine seen inside the chroot. */
export interface Bind {
  readonly from: string;
  readonly to: string;
}

/** Runs a shell script in `root`; the first failing command ends it. Throws LabError with what was said. */
export async function chroot(root: string, script: string, binds: readonly Bind[] = []): Promise<void> {
  if (existsSync('/etc/resolv.conf')) put(join(root, 'etc/resolv.conf'), readFileSync('/etc/resolv.conf'));
  const setting = 'export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin';
  const inner = [
    'set -e',
    `mount -t proc proc ${root}/proc`,
    `mount -t tmpfs tmpfs ${root}/run`,
    `mount --bind /dev ${root}/dev`,
    ...binds.map(({ from, to }) => `mkdir -p ${root}${to}; mount --bind ${from} ${root}${to}`),
    `exec chroot ${root} /bin/sh -ec ${quote(`${setting}\n${script}`)}`,
  ].join('\n');
  await run(['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', inner]);
}

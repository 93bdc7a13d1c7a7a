// The poorest host there is: a static busybox, dropbear and its libraries. No bash, perl, python, apt, sftp-server or scp; what
// works there needs a POSIX sh and nothing else.

import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './command.ts';
import { mountOverlay, unmount } from './mounts.ts';
import { isThere, put, remove } from './paths.ts';

const folders = [
  ...['bin', 'sbin', 'usr/bin', 'usr/sbin', 'etc/dropbear', 'root', 'tmp', 'run', 'proc', 'sys', 'dev'],
  ...['var/log', 'var/tmp', 'home', 'srv'],
];

/** Builds the root filesystem in `folder` from layers (topmost first) that have busybox-static and dropbear-bin installed. */
export async function buildBusybox(folder: string, layers: readonly string[]): Promise<void> {
  remove(folder);
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true });
  chmodSync(join(folder, 'tmp'), 0o1777);
  const [root, work] = [`${folder}.root`, `${folder}.work`];
  await unmount(root);
  remove(work);
  await mountOverlay(root, layers, join(work, 'upper'), join(work, 'work'));
  try {
    const busybox = ['bin/busybox', 'usr/bin/busybox'].find((path) => existsSync(join(root, path)))!;
    copyFileSync(join(root, busybox), join(folder, 'bin/busybox'));
    copyFileSync(join(root, 'usr/sbin/dropbear'), join(folder, 'usr/sbin/dropbear'));
    const { stdout } = await run(['chroot', root, 'ldd', '/usr/sbin/dropbear']);
    for (const [library] of stdout.matchAll(/\/\S+\.so\S*/g)) await copyLibrary(root, folder, library);
  } finally {
    await unmount(root);
    remove(root);
    remove(work);
  }
  for (const applet of (await run([join(folder, 'bin/busybox'), '--list'])).stdout.trim().split('\n')) {
    const link = join(folder, 'bin', basename(applet));
    if (!isThere(link)) symlinkSync('busybox', link);
  }
  put(join(folder, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  put(join(folder, 'etc/shadow'), 'root:*:19000:0:99999:7:::\n', 0o600);
  put(join(folder, 'etc/group'), 'root:x:0:\n');
  put(join(folder, 'etc/shells'), '/bin/sh\n');
  put(join(folder, 'etc/os-release'), 'NAME="Lab BusyBox"\nID=busybox\nVERSION_ID=1\n');
  put(join(folder, 'sbin/lab-init'), '#!/bin/sh\nexec /usr/sbin/dropbear -F -E -s -p 22 -R\n', 0o755);
}

/** Copies what a library's name leads to, under that name. */
async function copyLibrary(root: string, folder: string, library: string): Promise<void> {
  const real = (await run(['chroot', root, 'readlink', '-f', library])).stdout.trim();
  mkdirSync(join(folder, dirname(library)), { recursive: true });
  copyFileSync(join(root, real), join(folder, library));
}

// Programs of Debian that tests of connections speak to: named, then installed where they are missing, with no question.
// What is installed does not start: the tests run their own.

import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';

/** Programs by where they are, and the packages that bring them. */
const EVERY_TIME = { '/usr/sbin/sshd': 'openssh-server', '/usr/bin/ssh': 'openssh-client', '/usr/bin/sudo': 'sudo' };
const THOROUGH = {
  '/usr/bin/fish': 'fish',
  '/bin/tcsh': 'tcsh',
  '/usr/bin/zsh': 'zsh',
  '/usr/bin/mksh': 'mksh',
  '/bin/busybox': 'busybox',
  '/usr/bin/doas': 'opendoas',
};

/** Installs what is missing, as root on Debian; elsewhere the tests that need it are skipped by name. */
export function providePrograms(thorough) {
  const wanted = Object.entries({ ...EVERY_TIME, ...(thorough ? THOROUGH : {}) });
  const missing = wanted.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`not installed, so that the tests that need them are skipped by name: ${missing.join(', ')}`);
    return;
  }
  console.log(`installing by apt: ${missing.join(' ')}`);
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const install = ['-y', '-qq', '--no-install-recommends', 'install', ...missing];
    if (apt(install) !== 0 && apt(['-qq', 'update']) === 0) apt(install);
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

function apt(words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  return spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env }).status;
}

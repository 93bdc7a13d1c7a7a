// The programs that troupe is measured beside come from the system's packages, named before they are installed.

import { spawnSync } from 'node:child_process';

/** Installs the package where the command does not run. Ends the program, with the reason, where that cannot be. */
export function install(name: string, command: string, args: readonly string[] = ['--version']): void {
  const works = (): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (works()) return;
  console.error(`installing by apt, to measure beside it: ${name}`);
  const words = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', name];
  spawnSync('apt-get', words, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (works()) return;
  console.error(`${name} is needed, and apt-get did not install it (are you root, on Debian or Ubuntu?)`);
  process.exit(1);
}

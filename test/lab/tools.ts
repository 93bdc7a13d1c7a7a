// The lab needs root on Linux and some of Debian's programs. What is missing is named, then installed by apt, with no question.

import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError, run } from './command.ts';

/** Programs the lab runs, and the Debian package each comes with. */
const packageOf: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  'ssh-keyscan': 'openssh-client',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  'dpkg-deb': 'dpkg',
  openssl: 'openssl',
  getfattr: 'attr',
  git: 'git',
  zip: 'zip',
  unzip: 'unzip',
};

/** Why no lab can run here; undefined when one can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return `the lab needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'the lab needs root (namespaces, mounts)';
  if (!existsSync('/usr/bin/apt-get') && missingTools().length > 0)
    return `programs are missing and there is no apt to install them: ${missingTools().join(', ')}`;
  return undefined;
}

/** The lab's programs that are not on the PATH. */
export function missingTools(): readonly string[] {
  return Object.keys(packageOf).filter((tool) => !onPath(tool));
}

function onPath(tool: string): boolean {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs what is missing, telling first. Throws LabError when no lab can run here. */
export async function ensureTools(tell: (line: string) => void): Promise<void> {
  const reason = obstacle();
  if (reason !== undefined) throw new LabError(reason);
  const packages = [...new Set(missingTools().map((tool) => packageOf[tool]!))];
  if (packages.length === 0) return;
  tell(`installing by apt: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const install = ['apt-get', '-y', '-qq', '--no-install-recommends', 'install', ...packages];
  if ((await run(install, { env, tolerate: true })).rc !== 0) {
    await run(['apt-get', '-qq', 'update'], { env });
    await run(install, { env });
  }
}

// The root filesystem under all others: a minimal Debian made once by debootstrap from the machine's own mirror, with what a
// freshly installed server has (systemd, sshd, sudo, curl) and no documentation.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chroot } from './chroot.ts';
import { LabError, run } from './command.ts';
import { cacheFolder, put, remove } from './paths.ts';

const packages = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'iproute2', 'iputils-ping', 'procps', 'netbase'],
  ...['ca-certificates', 'curl', 'unzip', 'gnupg', 'less', 'cron'],
];

/** Units that make no sense on a host without a network of its own, or that wake up in the middle of a test. */
const maskedUnits = [
  ...['systemd-networkd', 'systemd-resolved', 'apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'],
  ...['e2scrub_all.timer', 'fstrim.timer', 'getty@tty1', 'console-getty'],
];

interface AptSource {
  readonly uri: string;
  readonly codename: string;
  readonly release: string;
  readonly component: string;
}

/** Where the base is. */
export const baseFolder = join(cacheFolder, 'plain');

/** Builds the base unless it is there. The caller holds the build lock. Throws LabError when no mirror is configured. */
export async function ensureBase(tell: (line: string) => void): Promise<void> {
  if (existsSync(`${baseFolder}.ok`)) return;
  const sources = await aptSources();
  const main = sources.find(({ release }) => !/updates|security|backports/.test(release));
  if (main === undefined) throw new LabError('this machine has no apt source to build the base from');
  tell(`building the base (debootstrap ${main.codename}, about a minute, once)`);
  remove(baseFolder);
  await run([
    'debootstrap',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    main.codename,
    baseFolder,
    main.uri,
  ]);
  await configureApt(sources.filter(({ codename }) => codename.startsWith(main.codename)));
  await chroot(baseFolder, finish);
  const sshd = 'PermitRootLogin prohibit-password\nUseDNS no\nMaxStartups 100\n';
  put(join(baseFolder, 'etc/ssh/sshd_config.d/lab.conf'), sshd);
  put(`${baseFolder}.ok`, '');
}

/** openjdk's post-install script fails without the folders of the manuals, so they stay, empty. */
const finish = `
apt-get -qq update; apt-get -qq -y dist-upgrade; apt-get clean
rm -rf /usr/share/doc/* /usr/share/man/* /usr/share/locale/* /etc/ssh/ssh_host_*
cd /usr/share/man; mkdir man1 man2 man3 man4 man5 man6 man7 man8
for unit in ${maskedUnits.join(' ')}; do systemctl -q mask $unit || true; done
systemctl -q enable ssh
: > /etc/machine-id
`;

async function configureApt(sources: readonly AptSource[]): Promise<void> {
  const at = (path: string): string => join(baseFolder, path);
  // While packages are put in, nothing may start: there is no init in a chroot.
  put(at('usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', 0o755);
  const lines = sources.map(({ uri, release, component }) => `deb ${uri} ${release} ${component}\n`);
  put(at('etc/apt/sources.list'), [...new Set(lines)].join(''));
  put(
    at('etc/apt/apt.conf.d/99lab'),
    'Acquire::Languages "none";\nAcquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\nAPT::Sandbox::User "root";\n',
  );
  for (const scheme of ['http', 'https']) {
    const key = `Acquire::${scheme}::Proxy`;
    const answer = (await run(['apt-config', 'dump', '--format', '%v%n', key], { tolerate: true })).stdout.trim();
    if (answer !== '') put(at(`etc/apt/apt.conf.d/98lab-${scheme}`), `${key} "${answer}";\n`);
  }
  const excluded = ['doc', 'man', 'locale', 'info'].map((folder) => `path-exclude=/usr/share/${folder}/*\n`);
  put(at('etc/dpkg/dpkg.cfg.d/lab'), `force-unsafe-io\n${excluded.join('')}`);
}

/** The machine's own apt configuration, so that no address of a mirror is written here. */
async function aptSources(): Promise<readonly AptSource[]> {
  const format = '$(REPO_URI) $(CODENAME) $(RELEASE) $(COMPONENT)';
  const { stdout } = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  return [...new Set(stdout.trim().split('\n'))].flatMap((line) => {
    const [uri, codename, release, component] = line.split(' ');
    return uri && codename && release && component ? [{ uri, codename, release, component }] : [];
  });
}

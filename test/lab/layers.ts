// Root filesystems of several kinds, each built once as an overlay on another: `plain` (systemd), `sysv` (sysvinit as pid 1),
// `rpm` (dnf and yum, calls itself Rocky), `python` (for the reference engine), `busybox` (nothing but a shell and dropbear).

import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { baseFolder, ensureBase } from './base.ts';
import { buildBusybox } from './busybox.ts';
import { chroot } from './chroot.ts';
import { LabError, quote } from './command.ts';
import { locked } from './lock.ts';
import { mountOverlay, unmount } from './mounts.ts';
import { cacheFolder, poolFolder, put, remove } from './paths.ts';

/** How a host of a layer starts: its pid 1. */
export type Init = 'systemd' | 'sysv' | 'dropbear';

interface Recipe {
  readonly parent: string;
  readonly packages: readonly string[];
  readonly init: Init;
  /** Runs after the packages are in, on the mounted root. */
  finish?(root: string): Promise<void>;
}

const recipes: Readonly<Record<string, Recipe>> = {
  python: { parent: 'plain', packages: ['python3', 'python3-apt'], init: 'systemd' },
  sysv: {
    parent: 'plain',
    packages: ['sysvinit-core', 'sysv-rc', 'insserv', 'orphan-sysvinit-scripts'],
    init: 'sysv',
    finish: finishSysv,
  },
  rpm: { parent: 'plain', packages: ['dnf', 'rpm', 'createrepo-c'], init: 'systemd', finish: finishRpm },
};

/** The layers a host can have. */
export const layerNames: readonly string[] = ['plain', 'busybox', ...Object.keys(recipes)];

/** The pid 1 of hosts of this layer. Throws LabError for an unknown layer. */
export function initOf(layer: string): Init {
  if (layer === 'plain') return 'systemd';
  if (layer === 'busybox') return 'dropbear';
  const recipe = recipes[layer];
  if (recipe === undefined) throw new LabError(`there is no layer ${layer}; there are ${layerNames.join(', ')}`);
  return recipe.init;
}

/** Runs `work` as the only builder of cached things on this machine. */
export function building<T>(work: () => Promise<T>): Promise<T> {
  return locked(join(cacheFolder, 'build.lock'), work);
}

/** Folders of a layer, topmost first, building what is missing. The caller holds the build lock. */
export async function ensureLayer(layer: string, tell: (line: string) => void): Promise<readonly string[]> {
  initOf(layer);
  await ensureBase(tell);
  if (layer === 'plain') return [baseFolder];
  const folder = join(cacheFolder, layer);
  if (layer === 'busybox') {
    if (!existsSync(`${folder}.ok`)) {
      tell('building the layer busybox (once)');
      await buildBusybox(folder, await overlaid(['busybox-static', 'dropbear-bin'], [baseFolder], 'busybox-source'));
      put(`${folder}.ok`, '');
    }
    return [folder];
  }
  const recipe = recipes[layer]!;
  const below = await ensureLayer(recipe.parent, tell);
  if (!existsSync(`${folder}.ok`)) {
    tell(`building the layer ${layer} (once)`);
    await overlaid(recipe.packages, below, layer, recipe.finish);
    put(`${folder}.ok`, '');
  }
  return [folder, ...below];
}

/** Puts packages into a fresh overlay over `below`; gives the folders, topmost first. */
async function overlaid(
  packages: readonly string[],
  below: readonly string[],
  name: string,
  finish?: (root: string) => Promise<void>,
): Promise<readonly string[]> {
  const folder = join(cacheFolder, name);
  const [work, root] = [`${folder}.work`, `${folder}.root`];
  await unmount(root);
  for (const path of [folder, work, root]) remove(path);
  const archives = join(poolFolder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  await mountOverlay(root, below, folder, work);
  try {
    const install = `apt-get -y -qq -o APT::Keep-Downloaded-Packages=1 install ${packages.map(quote).join(' ')}`;
    const script = `apt-get -qq update; ${install}; rm -rf /etc/ssh/ssh_host_* /var/lib/apt/lists/*`;
    await chroot(root, script, [{ from: archives, to: '/var/cache/apt/archives' }]);
    await finish?.(root);
  } finally {
    await unmount(root);
    remove(work);
    remove(root);
  }
  return [folder, ...below];
}

async function finishSysv(root: string): Promise<void> {
  const inittab = [
    'id:2:initdefault:',
    'si::sysinit:/bin/mkdir -p /run/lock /run/sshd',
    ...['0', '2', '6'].map((level) => `l${level}:${level}:wait:/etc/init.d/rc ${level}`),
  ];
  put(join(root, 'etc/inittab'), `${inittab.join('\n')}\n`);
  await chroot(
    root,
    `apt-get -y -qq purge systemd
     for script in hwclock.sh udev mountnfs.sh bootlogs procps; do
       [ ! -e /etc/init.d/$script ] || update-rc.d $script disable
     done`,
  );
}

async function finishRpm(root: string): Promise<void> {
  const release = {
    NAME: 'Lab RPM Linux',
    ID: 'rocky',
    ID_LIKE: 'rhel centos fedora',
    VERSION_ID: '9.4',
    VERSION: '9.4 (Lab)',
    PRETTY_NAME: 'Lab RPM Linux 9.4',
    PLATFORM_ID: 'platform:el9',
  };
  const lines = Object.entries(release).map(([key, value]) => `${key}="${value}"\n`);
  put(join(root, 'etc/os-release'), lines.join(''));
  put(join(root, 'etc/redhat-release'), 'Rocky Linux release 9.4 (Lab)\n');
  put(join(root, 'etc/dnf/dnf.conf'), '[main]\ngpgcheck=0\ninstall_weak_deps=0\nkeepcache=0\n');
  mkdirSync(join(root, 'etc/yum.repos.d'), { recursive: true });
  chmodSync(join(root, 'etc/yum.repos.d'), 0o755);
  await chroot(root, '[ -e /usr/bin/yum ] || ln -s dnf /usr/bin/yum');
}

/** Whether a layer has been built already. */
export function isBuilt(layer: string): boolean {
  return existsSync(join(cacheFolder, `${layer}.ok`));
}

// The offline package repository: Debian packages with all they need, downloaded once through apt, indexed flat and bound
// read-only into every host, so that an `apt install` there is real and needs no network.

import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chroot } from './chroot.ts';
import { quote, run } from './command.ts';
import { ensureLayer, isBuilt } from './layers.ts';
import { mountOverlay, unmount } from './mounts.ts';
import { poolFolder, put, remove } from './paths.ts';

/** What a ZStack site installs on its hosts. */
export const sitePackages: readonly string[] = [
  ...[
    'mariadb-server',
    'mariadb-client',
    'rabbitmq-server',
    'tomcat10-user',
    'default-jre-headless',
    'libmariadb-java',
  ],
  ...['chrony', 'unzip', 'zip', 'wget', 'bzip2', 'sudo', 'acl', 'iptables', 'sshpass'],
];

const archives = join(poolFolder, 'archives');
const debs = join(poolFolder, 'debs');
const wantedFile = join(poolFolder, 'wanted.json');
const indexFile = join(poolFolder, 'index.json');
const packagesFile = join(poolFolder, 'Packages');

/**
 * Makes sure that the pool has these packages and all they depend on, on every init system that was built. The caller holds the
 * build lock. Needs the mirror only for what is not there yet.
 */
export async function ensurePool(packages: readonly string[], tell: (line: string) => void): Promise<void> {
  const layers = ['plain', ...(isBuilt('sysv') ? ['sysv'] : [])];
  const have = new Set(existsSync(wantedFile) ? (JSON.parse(readFileSync(wantedFile, 'utf8')) as string[]) : []);
  const wishes = layers.flatMap((layer) => packages.map((name) => ({ layer, name, key: `${layer}/${name}` })));
  const missing = wishes.filter(({ key }) => !have.has(key));
  for (const layer of layers) {
    const names = missing.filter((wish) => wish.layer === layer).map(({ name }) => name);
    if (names.length === 0) continue;
    tell(`downloading into the package pool: ${names.join(' ')}`);
    await download(layer, names, tell);
  }
  if (missing.length > 0 || !existsSync(packagesFile)) {
    await index();
    put(wantedFile, JSON.stringify([...have, ...missing.map(({ key }) => key)]));
  }
}

async function download(layer: string, names: readonly string[], tell: (line: string) => void): Promise<void> {
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const [root, work] = [join(poolFolder, 'root'), join(poolFolder, 'work')];
  await unmount(root);
  remove(work);
  await mountOverlay(root, await ensureLayer(layer, tell), join(work, 'upper'), join(work, 'work'));
  try {
    // One by one: two packages of the pool may exclude each other.
    const lines = names.map((name) => `apt-get -y -qq --download-only install ${quote(name)}`);
    const script = ['apt-get -qq update', ...lines].join('\n');
    await chroot(root, script, [{ from: archives, to: '/var/cache/apt/archives' }]);
  } finally {
    await unmount(root);
    remove(root);
    remove(work);
  }
}

/** Writes the repository's index; what was indexed before is not read again. */
async function index(): Promise<void> {
  mkdirSync(debs, { recursive: true });
  mkdirSync(archives, { recursive: true });
  const known = existsSync(indexFile) ? (JSON.parse(readFileSync(indexFile, 'utf8')) as Record<string, string>) : {};
  const entries: Record<string, string> = {};
  for (const file of readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .sort()) {
    // apt trips over a % in a file: address.
    const name = file.replaceAll('%3a', '.');
    if (!existsSync(join(debs, name))) linkSync(join(archives, file), join(debs, name));
    entries[name] = known[name] ?? (await describe(name));
  }
  put(indexFile, JSON.stringify(entries));
  put(packagesFile, Object.values(entries).join('\n'));
}

async function describe(name: string): Promise<string> {
  const path = join(debs, name);
  const control = (await run(['dpkg-deb', '-f', path])).stdout.trimEnd();
  const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
  return `${control}\nFilename: ./debs/${name}\nSize: ${statSync(path).size}\nSHA256: ${sum}\n`;
}

/** The repository's index as apt keeps it on a host that has run `apt-get update`; empty when there is no pool yet. */
export function aptLists(): Readonly<Record<string, Buffer>> {
  return existsSync(packagesFile) ? { '_srv_lab-pool_._Packages': readFileSync(packagesFile) } : {};
}

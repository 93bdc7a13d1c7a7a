// One host: a fresh overlay on its layer, configured (name, keys, package source) and booted by systemd-nspawn with namespaces and
// a control group of its own. `reboot` inside really reboots it, `poweroff` leaves it down.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from './command.ts';
import { mountOverlay, mountTmpfs, unmount } from './mounts.ts';
import { folderOf, poolFolder, poolMount, put, remove, shareMount, tagOf } from './paths.ts';
import { aptLists } from './pool.ts';
import { allPids, commandLine, end, ended, innerPid, isAlive, type ProcessRef, parentOf, refer } from './processes.ts';
import { controlAddress, type HostState, hostNamespace, type LabState, saveState } from './state.ts';

/** The folder of one host in the lab's folder, and its root filesystem as the machine sees it. */
export function hostFolder(state: LabState, host: HostState): string {
  return join(folderOf(state.name), 'hosts', host.name);
}
export function hostRoot(state: LabState, host: HostState): string {
  return join(hostFolder(state, host), 'root');
}

/** Mounts a fresh root filesystem over the layer's folders and configures it. */
export async function mountHost(state: LabState, host: HostState, layers: readonly string[]): Promise<void> {
  const disk = join(hostFolder(state, host), 'disk');
  mkdirSync(disk, { recursive: true });
  if (host.disk !== 'folder') await mountTmpfs(disk, host.disk, `lab-${host.name}`);
  await mountOverlay(hostRoot(state, host), layers, join(disk, 'upper'), join(disk, 'work'));
  configure(state, host);
}

/** Takes the root filesystem away with all that was written to it. */
export async function unmountHost(state: LabState, host: HostState): Promise<void> {
  await unmount(hostRoot(state, host));
  await unmount(join(hostFolder(state, host), 'disk'));
  remove(join(hostFolder(state, host), 'disk'));
}

function configure(state: LabState, host: HostState): void {
  const at = (path: string): string => join(hostRoot(state, host), path);
  const folder = folderOf(state.name);
  const neighbours = Object.values(state.hosts).map(({ name, address }) => `${address} ${name}\n`);
  put(at('etc/hostname'), `${host.name}\n`);
  put(at('etc/hosts'), `127.0.0.1 localhost\n${controlAddress} control\n${neighbours.join('')}`);
  put(at('etc/resolv.conf'), '');
  put(at('root/.ssh/authorized_keys'), readFileSync(join(folder, 'id_ed25519.pub')), 0o600);
  chmodSync(at('root/.ssh'), 0o700);
  if (host.layer === 'busybox') return;
  const key = join(folder, 'hostkeys', host.name);
  put(at('etc/ssh/ssh_host_ed25519_key'), readFileSync(key), 0o600);
  put(at('etc/ssh/ssh_host_ed25519_key.pub'), readFileSync(`${key}.pub`));
  put(at('etc/machine-id'), `${createHash('md5').update(`${state.name}/${host.name}`).digest('hex')}\n`, 0o444);
  // From here on there is an init: packages may start their services.
  remove(at('usr/sbin/policy-rc.d'));
  put(at('etc/apt/sources.list'), `deb [trusted=yes] file:${poolMount} ./\n`);
  remove(at('var/lib/apt/lists'));
  mkdirSync(at('var/lib/apt/lists/partial'), { recursive: true });
  for (const [name, bytes] of Object.entries(aptLists())) put(at(`var/lib/apt/lists/${name}`), bytes);
}

/** Boots a host. It answers a moment later. */
export function startHost(state: LabState, host: HostState): void {
  const folder = hostFolder(state, host);
  const share = join(folderOf(state.name), 'srv');
  mkdirSync(share, { recursive: true });
  mkdirSync(poolFolder, { recursive: true });
  const machine = `${tagOf(state.name)}-${host.name}`;
  const nspawn = [
    ...['systemd-nspawn', '--quiet', '--register=no', '--keep-unit', `--directory=${hostRoot(state, host)}`],
    ...[`--machine=${machine}`, `--hostname=${host.name}`],
    `--network-namespace-path=/run/netns/${hostNamespace(state, host.name)}`,
    ...[
      '--resolv-conf=off',
      '--timezone=off',
      '--link-journal=no',
      '--console=read-only',
      '--capability=CAP_NET_ADMIN',
    ],
    ...[`--bind-ro=${poolFolder}:${poolMount}`, `--bind-ro=${share}:${shareMount}`],
    ...boot[host.init],
  ];
  host.groups = makeGroups(machine);
  const enter = host.groups.map((group) => `echo $$ > ${quote(`${group}/cgroup.procs`)}`).join('\n');
  // systemd-nspawn leaves with 133 when the host asked for a reboot.
  const keep = `{ ${enter || ':'}\n} 2>/dev/null; "$@"; while [ $? = 133 ]; do "$@"; done`;
  const log = openSync(join(folder, 'console.log'), 'a');
  const child = spawn('/bin/sh', ['-c', keep, `lab-${host.name}`, ...nspawn], {
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network',
    },
  });
  child.unref();
  closeSync(log);
  const keeper = refer(child.pid);
  if (keeper !== undefined) host.keeper = keeper;
  saveState(state);
}

const boot: Readonly<Record<HostState['init'], readonly string[]>> = {
  systemd: ['--boot'],
  // As pid 1; --boot would look for systemd first.
  sysv: ['/sbin/init'],
  dropbear: ['--as-pid2', '/sbin/lab-init'],
};

/** A folder for the host in each control group hierarchy that is mounted and useful (v1, hybrid or v2). */
function makeGroups(machine: string): readonly string[] {
  const useless = /\b(cpuset|devices|net_cls|net_prio|perf_event|hugetlb|rdma|misc)\b/;
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, path, type, options] = line.split(' ');
      const wanted = type === 'cgroup2' || (type === 'cgroup' && !useless.test(options ?? ''));
      if (path === undefined || !wanted) return [];
      try {
        mkdirSync(join(path, machine), { recursive: true });
        return [join(path, machine)];
      } catch {
        return [];
      }
    });
}

/** Pid 1 of a running host as the machine sees it; undefined when the host is down. */
export function leaderOf(host: HostState): ProcessRef | undefined {
  const { keeper } = host;
  if (!isAlive(keeper)) return undefined;
  // keeper (a shell) > systemd-nspawn > pid 1 of the host
  const isLeader = (pid: number): boolean => {
    const parent = parentOf(pid);
    return parent !== undefined && parentOf(parent) === keeper.pid && innerPid(pid) === 1;
  };
  return refer(allPids().find(isLeader));
}

/** Ends a host at once, as a power cut does; its disk stays. */
export async function stopHost(state: LabState, host: HostState): Promise<void> {
  await end(leaderOf(host));
  // systemd-nspawn tidies up after itself, given a moment.
  await ended(host.keeper, 3000);
  await end(host.keeper);
  for (const stray of straysOf(state, host)) await end(stray);
  for (const group of host.groups ?? []) removeGroup(group);
  try {
    rmdirSync(`/run/systemd/nspawn/propagate/${tagOf(state.name)}-${host.name}`);
  } catch {
    // Only some versions make it.
  }
  delete host.keeper;
  delete host.groups;
  delete host.paused;
}

/** Containers started on this host's root that no record knows: their starter was killed between the start and the record. */
function straysOf(state: LabState, host: HostState): readonly ProcessRef[] {
  const mark = `--directory=${hostRoot(state, host)}`;
  return allPids()
    .filter((pid) => pid !== process.pid && commandLine(pid).includes(mark))
    .flatMap((pid) => refer(pid) ?? []);
}

function removeGroup(group: string): void {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true })) {
    if (entry.isDirectory()) removeGroup(join(group, entry.name));
  }
  try {
    rmdirSync(group);
  } catch {
    // A process of the host is still dying in it: the kernel will not have it removed yet, and it harms nobody.
  }
}

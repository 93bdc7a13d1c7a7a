// What goes wrong in real networks and machines, on purpose: a cut link, a power cut, a host that hangs, a slow line, a full disk.

import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { LabError, run } from './command.ts';
import { leaderOf, startHost, stopHost } from './hosts.ts';
import { controlIp, waitForSsh } from './network.ts';
import { allPids, isAlive } from './processes.ts';
import { startRelay, stopRelay } from './relay.ts';
import { controlNamespace, type HostState, hostNamespace, type LabState, saveState } from './state.ts';

/** The faults there are, with their arguments. */
export type Fault =
  /** Takes the cable out, and puts it back; `heal` also undoes `pause`, `delay` and `full`, and starts a host that is down. */
  | { readonly kind: 'cut' | 'heal' }
  /** A power cut, and power again; the disk is kept. */
  | { readonly kind: 'kill' | 'start' }
  /** Every process of the host stands still: connections open and nothing answers. */
  | { readonly kind: 'pause' | 'resume' }
  /** Every answer is late: milliseconds each way. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The disk is full but for so many KiB. */
  | { readonly kind: 'full'; readonly left?: number };

const filler = '/var/lab-filler';

/** Lets a fault happen. Throws LabError when it cannot. */
export async function inflict(state: LabState, host: HostState, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'cut':
      await controlIp(state, 'link', 'set', 'dev', host.name, 'down');
      break;
    case 'heal':
      await heal(state, host);
      break;
    case 'kill':
      await freeze(host, false);
      await stopHost(state, host);
      break;
    case 'start':
      await start(state, host);
      break;
    case 'pause':
    case 'resume':
      await freeze(host, fault.kind === 'pause');
      break;
    case 'delay':
      await delay(state, host, fault.milliseconds);
      break;
    case 'full':
      if (host.disk === 'folder') throw new LabError(`${host.name} has no disk of its own that could be filled`);
      await inside(host, fillScript(fault.left ?? 0));
      break;
  }
  saveState(state);
}

async function heal(state: LabState, host: HostState): Promise<void> {
  await freeze(host, false);
  await clearDelay(state, host);
  await controlIp(state, 'link', 'set', 'dev', host.name, 'up');
  if (isAlive(host.keeper)) await inside(host, `rm -f ${filler}`);
  await start(state, host);
}

async function start(state: LabState, host: HostState): Promise<void> {
  if (isAlive(host.keeper)) return;
  startHost(state, host);
  await waitForSsh(state, [host.address]);
}

function fillScript(left: number): string {
  return `n=$(df -Pk / | awk 'NR==2{print $4}'); n=$((n-${left})); [ $n -le 0 ] || fallocate -l \${n}k ${filler} 2>/dev/null || \
    dd if=/dev/zero of=${filler} bs=1k count=$n 2>/dev/null || true`;
}

/** Words that run a shell script in all namespaces of a host without any network. Throws LabError when the host is down. */
export function enterWords(host: HostState, script: string): readonly string[] {
  const leader = leaderOf(host);
  if (leader === undefined) throw new LabError(`${host.name} is not running`);
  return ['nsenter', '-t', `${leader.pid}`, '-m', '-u', '-i', '-n', '-p', '-r', '-w', '/bin/sh', '-c', script];
}

async function inside(host: HostState, script: string): Promise<void> {
  await run(enterWords(host, script));
}

async function delay(state: LabState, host: HostState, milliseconds: number): Promise<void> {
  await clearDelay(state, host);
  const netem = ['root', 'netem', 'delay', `${milliseconds}ms`];
  const tc = ['tc', '-n', controlNamespace(state), 'qdisc', 'add', 'dev', host.name, ...netem];
  if ((await run(tc, { tolerate: true })).rc === 0) {
    await run(['tc', '-n', hostNamespace(state, host.name), 'qdisc', 'add', 'dev', 'eth0', ...netem]);
  } else {
    await startRelay(state, host, milliseconds);
  }
}

/** Takes a delay away again, however it was made. */
export async function clearDelay(state: LabState, host: HostState): Promise<void> {
  await stopRelay(state, host);
  const off = ['qdisc', 'del', 'dev'];
  await run(['tc', '-n', controlNamespace(state), ...off, host.name, 'root'], { tolerate: true });
  await run(['tc', '-n', hostNamespace(state, host.name), ...off, 'eth0', 'root'], { tolerate: true });
}

/** The cgroup freezer (v1 or v2); where it cannot be written, a stop signal to every process of the host. */
async function freeze(host: HostState, on: boolean): Promise<void> {
  if (on === (host.paused === true)) return;
  host.paused = on;
  if ((host.groups ?? []).some((group) => freezeGroup(group, on))) return;
  for (const pid of pidsOf(host)) process.kill(pid, on ? 'SIGSTOP' : 'SIGCONT');
}

function freezeGroup(group: string, on: boolean): boolean {
  const knobs = [
    { file: 'freezer.state', value: on ? 'FROZEN' : 'THAWED' },
    { file: 'cgroup.freeze', value: on ? '1' : '0' },
  ];
  return knobs.some(({ file, value }) => {
    try {
      if (readFileSync(`${group}/cgroup.procs`, 'utf8') === '') return false;
      writeFileSync(`${group}/${file}`, value, { flag: 'r+' });
      return true;
    } catch {
      return false;
    }
  });
}

/** All processes in the host's pid namespace. */
function pidsOf(host: HostState): readonly number[] {
  const leader = leaderOf(host);
  if (leader === undefined) return [];
  const wanted = readlinkSync(`/proc/${leader.pid}/ns/pid`);
  return allPids().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`) === wanted;
    } catch {
      return false;
    }
  });
}

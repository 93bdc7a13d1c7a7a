// A lab of real hosts, for tests and for people: up, faults, reset, down. See README.md in this folder.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandOptions, type CommandResult, LabError, run } from './command.ts';
import { digestOf } from './digest.ts';
import { clearDelay, enterWords, type Fault, inflict } from './faults.ts';
import { hostRoot, leaderOf, mountHost, startHost, unmountHost } from './hosts.ts';
import { inventoryText, makeKeys, sshOptions, writeInventory, writeKnownHosts } from './inventory.ts';
import { building, ensureLayer, initOf } from './layers.ts';
import { locked } from './lock.ts';
import { controlIp, makeControl, plugHost, removeNetwork, waitForSsh } from './network.ts';
import { folderOf, remove } from './paths.ts';
import { ensurePool } from './pool.ts';
import { isAlive, self } from './processes.ts';
import {
  addressOf,
  checkName,
  controlNamespace,
  type HostState,
  hostOf,
  type LabState,
  labNames,
  readState,
  saveState,
} from './state.ts';
import { ensureTools } from './tools.ts';

/** A host that is wanted: its name and, when it is not plain Debian with systemd, its layer. */
export interface HostWish {
  /** a-z, 0-9 and -, at most 12 characters. */
  readonly name: string;
  /** `plain`, `sysv`, `rpm`, `python` or `busybox`. */
  readonly layer?: string;
  /** Size of its writable disk such as `150m` (default `3g`, in memory), or `folder` for one on the machine's disk. */
  readonly disk?: string;
}

export interface LabWish {
  /** a-z, 0-9 and -, at most 16 characters; labs of different names stand side by side. */
  readonly name: string;
  readonly hosts: readonly HostWish[];
  /** Debian packages that hosts are to be able to install offline. */
  readonly pool?: readonly string[];
  /** The lab outlives the process that brought it up. Otherwise the next `up` of anybody clears it away once that is gone. */
  readonly keep?: boolean;
  /** Where progress is told; default: nowhere. */
  readonly tell?: (line: string) => void;
}

export interface LabRunOptions extends CommandOptions {
  /** Gives the program this process' own terminal; nothing is captured. */
  readonly stream?: boolean;
}

/** A lab that is up. */
export class Lab {
  private state: LabState;

  constructor(state: LabState) {
    this.state = state;
  }

  get name(): string {
    return this.state.name;
  }

  /** The control network namespace: `ip netns exec NAME` reaches the hosts. */
  get namespace(): string {
    return controlNamespace(this.state);
  }

  /** The lab's hosts: name, address, layer, and whether it is up. */
  hosts(): readonly (HostState & { readonly isUp: boolean })[] {
    return Object.values(this.state.hosts).map((host) => ({ ...host, isUp: leaderOf(host) !== undefined }));
  }

  /** Folder that all hosts see read-only at /srv/lab. */
  get share(): string {
    return join(folderOf(this.name), 'srv');
  }

  /** Private key that opens root's account on every host. */
  get key(): string {
    return join(folderOf(this.name), 'id_ed25519');
  }

  /** Path of an INI inventory of all hosts; `groups` adds groups of them. */
  inventory(groups?: Readonly<Record<string, readonly string[]>>): string {
    return writeInventory(this.state, groups);
  }

  /** The inventory as text. */
  inventoryText(groups?: Readonly<Record<string, readonly string[]>>): string {
    return inventoryText(this.state, groups);
  }

  /** Runs a program of this machine inside the lab's network. Throws LabError when it fails, unless `tolerate`. */
  async run(argv: readonly string[], options: LabRunOptions = {}): Promise<CommandResult> {
    const words = ['ip', 'netns', 'exec', controlNamespace(this.state), ...argv];
    if (options.stream !== true) return run(words, options);
    const rc = await streamed(words, options);
    if (rc !== 0 && options.tolerate !== true) throw new LabError(`${argv.join(' ')}: exit ${rc}`);
    return { rc, stdout: '', stderr: '' };
  }

  /** Runs a shell command on a host over ssh. Throws LabError when it fails, unless `tolerate`. */
  async exec(host: string, command: string, options: LabRunOptions = {}): Promise<CommandResult> {
    const { address } = hostOf(this.state, host);
    const quiet = ['-o', 'ConnectTimeout=5', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'];
    return this.run(
      ['ssh', '-F', 'none', '-i', this.key, ...sshOptions(this.state), ...quiet, `root@${address}`, command],
      options,
    );
  }

  /** Runs a shell command on a host without any network: also when its link is cut. */
  enter(host: string, command: string, options: CommandOptions = {}): Promise<CommandResult> {
    return run(enterWords(hostOf(this.state, host), command), options);
  }

  /** Lets something go wrong, or right again. `amount`: milliseconds for `delay`, KiB left for `full`. */
  fault(host: string, kind: Fault['kind'], amount?: number): Promise<void> {
    return this.changing(async () => {
      if (kind === 'delay' && amount === undefined) throw new LabError('delay needs milliseconds');
      const fault = (
        kind === 'delay'
          ? { kind, milliseconds: amount }
          : { kind, ...(kind === 'full' && amount !== undefined ? { left: amount } : {}) }
      ) as Fault;
      await inflict(this.state, hostOf(this.state, host), fault);
    });
  }

  /** Gives hosts (default: all) fresh file systems and boots them again; faults are gone. */
  reset(...names: readonly string[]): Promise<void> {
    return this.changing(async () => {
      const hosts = (names.length === 0 ? Object.keys(this.state.hosts) : names).map((name) =>
        hostOf(this.state, name),
      );
      await Promise.all(
        hosts.map(async (host) => {
          await inflict(this.state, host, { kind: 'kill' });
          await clearDelay(this.state, host);
          await unmountHost(this.state, host);
          await controlIp(this.state, 'link', 'set', 'dev', host.name, 'up');
        }),
      );
      await bootAll(this.state, hosts, () => undefined);
    });
  }

  /** A listing of a host's file system outside the named exclusions; see `compareDigests`. */
  digest(host: string): Promise<string> {
    const it = hostOf(this.state, host);
    const leader = leaderOf(it);
    // Seen through the running host, so that what it mounted itself (/tmp) is there too.
    return digestOf(leader === undefined ? hostRoot(this.state, it) : `/proc/${leader.pid}/root`);
  }

  /** Takes the lab down and removes all that was made for it. */
  down(): Promise<void> {
    return this.changing(() => dismantle(this.state));
  }

  private changing<T>(work: () => Promise<T>): Promise<T> {
    return locked(`${folderOf(this.name)}.lock`, () => {
      const state = readState(this.name);
      if (state === undefined) throw new LabError(`lab ${this.name} is not up`);
      this.state = state;
      return work();
    });
  }
}

/**
 * Brings up a lab: installs and builds what is missing, clears what killed runs left behind, and returns when all hosts answer.
 * Throws LabError; nothing is left then.
 */
export async function upLab(wish: LabWish): Promise<Lab> {
  const tell = wish.tell ?? (() => undefined);
  checkName(wish.name);
  const state = draft(wish);
  await ensureTools(tell);
  await clearAbandoned(tell);
  await building(async () => {
    for (const { layer } of Object.values(state.hosts)) await ensureLayer(layer, tell);
    await ensurePool(wish.pool ?? [], tell);
  });
  return locked(`${folderOf(wish.name)}.lock`, async () => {
    if (readState(wish.name) !== undefined) throw new LabError(`lab ${wish.name} is up already`);
    mkdirSync(folderOf(wish.name), { recursive: true });
    saveState(state);
    try {
      await makeKeys(state);
      await makeControl(state);
      for (const host of Object.values(state.hosts)) await plugHost(state, host);
      await bootAll(state, Object.values(state.hosts), tell);
      delete state.builder;
      saveState(state);
    } catch (error) {
      await dismantle(state);
      throw error;
    }
    return new Lab(state);
  });
}

/** A lab that somebody brought up before. Throws LabError when there is none of that name. */
export function openLab(name: string): Lab {
  checkName(name);
  const state = readState(name);
  if (state === undefined) throw new LabError(`lab ${name} is not up`);
  return new Lab(state);
}

/** Builds layers and fills the pool without bringing anything up. */
export async function prepare(
  layers: readonly string[],
  packages: readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  await ensureTools(tell);
  await building(async () => {
    for (const layer of layers) await ensureLayer(layer, tell);
    await ensurePool(packages, tell);
  });
}

/** Takes down labs whose owner, or whose builder while it was not ready, has died. */
export async function clearAbandoned(tell: (line: string) => void): Promise<void> {
  for (const name of labNames()) {
    await locked(`${folderOf(name)}.lock`, async () => {
      const state = readState(name);
      if (state === undefined) return;
      const isOrphan = state.owner !== undefined && !isAlive(state.owner);
      const isHalfMade = state.builder !== undefined && !isAlive(state.builder);
      if (!isOrphan && !isHalfMade) return;
      tell(`clearing what a killed run left behind: lab ${name}`);
      await dismantle(state);
    });
  }
}

function draft(wish: LabWish): LabState {
  const hosts: Record<string, HostState> = {};
  for (const [index, { name, layer = 'plain', disk = '3g' }] of wish.hosts.entries()) {
    if (!/^[a-z][a-z0-9-]{0,11}$/.test(name))
      throw new LabError(`a host's name is a-z, 0-9 and -, at most 12: ${name}`);
    if (hosts[name] !== undefined) throw new LabError(`two hosts are called ${name}`);
    if (disk !== 'folder' && !/^\d+[kmg]$/.test(disk))
      throw new LabError(`a disk is a size such as 3g, or folder: ${disk}`);
    hosts[name] = { name, address: addressOf(index), layer, init: initOf(layer), disk };
  }
  if (wish.hosts.length === 0 || wish.hosts.length > 80) throw new LabError('a lab has 1 to 80 hosts');
  const builder = self();
  return { name: wish.name, ...(wish.keep === true ? {} : { owner: builder }), builder, namespaces: [], hosts };
}

async function bootAll(state: LabState, hosts: readonly HostState[], tell: (line: string) => void): Promise<void> {
  for (const host of hosts) {
    await mountHost(state, host, await ensureLayer(host.layer, tell));
    startHost(state, host);
  }
  await waitForSsh(
    state,
    hosts.map(({ address }) => address),
  );
  await writeKnownHosts(state);
}

async function dismantle(state: LabState): Promise<void> {
  for (const host of Object.values(state.hosts)) await clearDelay(state, host);
  await Promise.all(
    Object.values(state.hosts).map(async (host) => {
      // A frozen process takes its kill only once it is thawed.
      await inflict(state, host, { kind: 'kill' });
      await unmountHost(state, host);
    }),
  );
  await removeNetwork(state);
  remove(folderOf(state.name));
}

function streamed(words: readonly string[], options: LabRunOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const { cwd, env } = options;
    const child = spawn(words[0]!, words.slice(1), { stdio: 'inherit', cwd, env: env ?? process.env });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 137));
  });
}

// The requirements that hw_check judges, each from what was found and what is wanted.

import type { HostFindings } from './script.ts';

export type Verdict = 'ok' | 'warn' | 'fail';
export type Requirement =
  | 'root'
  | 'cpus'
  | 'virt'
  | 'memory'
  | 'recommended_memory'
  | 'disk'
  | 'os'
  | 'hostname'
  | 'ports';

export const REQUIREMENTS: readonly Requirement[] = [
  'root',
  'cpus',
  'virt',
  'memory',
  'recommended_memory',
  'disk',
  'os',
  'hostname',
  'ports',
];

/** What a requirement that is not met becomes, when the task does not say. */
export const DEFAULT_POLICY: Readonly<Record<Requirement, Verdict>> = {
  root: 'fail',
  cpus: 'fail',
  virt: 'fail',
  memory: 'fail',
  recommended_memory: 'warn',
  disk: 'warn',
  os: 'fail',
  hostname: 'fail',
  ports: 'fail',
};

/** A TCP port, and the programs that may hold it already. */
export interface Port {
  readonly port: number;
  readonly owners: readonly string[];
}

export interface Wishes {
  readonly require_root: boolean;
  readonly min_cpus?: number | undefined;
  readonly require_virt: boolean;
  readonly min_memory_mb?: number | undefined;
  readonly recommended_memory_mb?: number | undefined;
  readonly min_disk_gb?: number | undefined;
  readonly disk_path: string;
  readonly supported_os?: readonly string[] | undefined;
  readonly check_hostname: boolean;
  readonly ports: readonly Port[];
}

export interface Judged {
  readonly requirement: Requirement;
  readonly wanted: string;
  readonly found: string;
  readonly met: boolean;
  /** What is wrong, or what is there. */
  readonly message: string;
}

/** Judges everything that was asked for, in a fixed order. */
export function judge(wishes: Wishes, host: HostFindings): Judged[] {
  const judged: Judged[] = [];
  const least = (
    requirement: Requirement,
    wanted: number | undefined,
    found: number,
    what: string,
    unit: string,
  ): void => {
    if (wanted === undefined) return;
    const met = found >= wanted;
    const message = met ? `${what}: ${found}${unit}` : `${what}: ${found}${unit}, at least ${wanted}${unit} wanted`;
    judged.push({ requirement, wanted: `>= ${wanted}${unit}`, found: `${found}${unit}`, met, message });
  };
  if (wishes.require_root) {
    const met = host.uid === 0;
    const message = met ? 'runs as root' : 'needs root (become)';
    judged.push({ requirement: 'root', wanted: 'uid 0', found: `uid ${host.uid}`, met, message });
  }
  least('cpus', wishes.min_cpus, host.cpus, 'CPUs', '');
  if (wishes.require_virt) {
    const found = host.virt === '' ? 'none' : host.virt;
    const message =
      host.virt === '' ? 'the CPU has neither vmx nor svm: no hardware virtualisation' : `CPU flag ${found}`;
    judged.push({ requirement: 'virt', wanted: 'vmx or svm', found, met: host.virt !== '', message });
  }
  least('memory', wishes.min_memory_mb, host.memoryMb, 'memory', ' MB');
  least('recommended_memory', wishes.recommended_memory_mb, host.memoryMb, 'memory', ' MB');
  if (wishes.min_disk_gb !== undefined) {
    if (host.diskGb === undefined) {
      const message = `free space below ${wishes.disk_path} cannot be told`;
      judged.push({
        requirement: 'disk',
        wanted: `>= ${wishes.min_disk_gb} GB`,
        found: 'unknown',
        met: false,
        message,
      });
    } else least('disk', wishes.min_disk_gb, host.diskGb, `free below ${wishes.disk_path}`, ' GB');
  }
  if (wishes.supported_os !== undefined) judged.push(judgeOs(wishes.supported_os, host));
  if (wishes.check_hostname) judged.push(judgeHostname(host));
  for (const port of wishes.ports) judged.push(judgePort(port, host));
  return judged;
}

/** `CentOS 7`, `Debian`, `Ubuntu 14.04`: name, and the version or its beginning. */
function judgeOs(supported: readonly string[], host: HostFindings): Judged {
  const met = supported.some((entry) => {
    const match = /^(.*?)(?:[ -]+(\d[\w.]*))?$/.exec(entry.trim());
    const [name, version] = [match?.[1] ?? entry, match?.[2]];
    const sameVersion = version === undefined || host.version === version || host.version.startsWith(`${version}.`);
    return name.toLowerCase() === host.os.toLowerCase() && sameVersion;
  });
  const found = `${host.os} ${host.version}`;
  const wanted = supported.join(', ');
  const message = met ? found : `${found} is not supported; supported: ${wanted}`;
  return { requirement: 'os', wanted, found, met, message };
}

/** A name that resolves has to lead to this host: exact addresses, never pieces of text. */
function judgeHostname(host: HostFindings): Judged {
  const strange = foreignAddresses(host);
  const wanted = 'resolves to this host, or not at all';
  const found = `${host.hostname}: ${host.resolved.length === 0 ? 'no address' : host.resolved.join(', ')}`;
  const shared = { requirement: 'hostname' as const, wanted, found };
  if (/^\d+(\.\d+){3}$/.test(host.hostname)) {
    return { ...shared, met: false, message: `the hostname is an IP address: ${host.hostname}` };
  }
  if (host.hostname === 'localhost' || host.hostname === 'localhost.localdomain') {
    return { ...shared, met: false, message: `the hostname is ${host.hostname}: give this host a name of its own` };
  }
  if (strange.length === 0) return { ...shared, met: true, message: found };
  const message = `the hostname ${host.hostname} resolves to ${strange.join(', ')}, which is not this host; put a line for it in /etc/hosts or mend the DNS`;
  return { ...shared, met: false, message };
}

/** Addresses that the host's own name leads to and that are not the host's: a DNS that answers for every name, or an old line in /etc/hosts. */
export function foreignAddresses(host: HostFindings): readonly string[] {
  return host.resolved.filter((address) => !isLoopback(address) && !host.own.includes(address));
}

function isLoopback(address: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(address) || address === '::1';
}

function judgePort({ port, owners }: Port, host: HostFindings): Judged {
  const listener = host.listeners.find((one) => one.port === port);
  const owner = listener === undefined ? '' : listener.owner || 'an unknown program';
  const met = listener === undefined || owners.includes(listener.owner);
  return {
    requirement: 'ports',
    wanted: owners.length === 0 ? `${port} free` : `${port} free, or held by ${owners.join(' or ')}`,
    found: listener === undefined ? 'free' : owner,
    met,
    message: listener === undefined ? `port ${port} is free` : `port ${port} is ${met ? 'held' : 'taken'} by ${owner}`,
  };
}

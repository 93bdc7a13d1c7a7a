// The requirements that hw_check judges, each from what was found and what is wanted.

import type { HostFindings } from './script.ts';

export type Verdict = 'ok' | 'warn' | 'fail';
export type Requirement = 'cpus' | 'virt' | 'memory' | 'recommended_memory' | 'disk' | 'os' | 'hostname' | 'ports';

export const REQUIREMENTS: readonly Requirement[] = [
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
  cpus: 'fail',
  virt: 'fail',
  memory: 'fail',
  recommended_memory: 'warn',
  disk: 'warn',
  os: 'fail',
  hostname: 'fail',
  ports: 'fail',
};

export interface Wishes {
  readonly min_cpus?: number | undefined;
  readonly require_virt: boolean;
  readonly min_memory_mb?: number | undefined;
  readonly recommended_memory_mb?: number | undefined;
  readonly min_disk_gb?: number | undefined;
  readonly disk_path: string;
  readonly supported_os?: readonly string[] | undefined;
  readonly check_hostname: boolean;
  readonly ports: readonly number[];
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
  const strange = host.resolved.filter((address) => !isLoopback(address) && !host.own.includes(address));
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

function isLoopback(address: string): boolean {
  return /^127\.\d+\.\d+\.\d+$/.test(address) || address === '::1';
}

function judgePort(port: number, host: HostFindings): Judged {
  const listener = host.listeners.find((one) => one.port === port);
  const owner = listener === undefined ? '' : listener.owner || 'an unknown program';
  const message = listener === undefined ? `port ${port} is free` : `port ${port} is in use by ${owner}`;
  return {
    requirement: 'ports',
    wanted: `${port} free`,
    found: listener === undefined ? 'free' : owner,
    met: listener === undefined,
    message,
  };
}

// What a host is made of, as hw_check needs it: one script and its reading.

import type { ExecResult } from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { distribution, readDistribution } from '../facts/distribution.ts';
import { readSections, section } from '../sections.ts';

export interface Listener {
  readonly port: number;
  /** Name of the program, '' when it cannot be told. */
  readonly owner: string;
}

export interface HostFindings {
  /** Of the user that the task runs as. */
  readonly uid: number;
  readonly cpus: number;
  /** vmx, svm or ''. */
  readonly virt: string;
  readonly memoryMb: number;
  /** Gigabytes (2^30) that are free below the path; undefined when the path cannot be looked at. */
  readonly diskGb: number | undefined;
  readonly os: string;
  readonly version: string;
  readonly hostname: string;
  /** Addresses that the hostname resolves to. */
  readonly resolved: readonly string[];
  /** Addresses of the host itself. */
  readonly own: readonly string[];
  readonly listeners: readonly Listener[];
}

export function hardwareScript(diskPath: string): Script {
  return lines(
    distribution.script({ factPath: '', timeout: 10 }),
    section('uid'),
    sh`id -u`,
    section('cpus'),
    sh`grep -c '^processor' /proc/cpuinfo`,
    section('virt'),
    sh`grep -m 1 -o -w -E 'vmx|svm' /proc/cpuinfo`,
    section('memory'),
    sh`awk '$1 == "MemTotal:" {print $2}' /proc/meminfo`,
    section('disk'),
    sh`path=${diskPath}; while [ ! -e "$path" ] && [ "$path" != / ]; do path=$(dirname "$path"); done; df -P -k "$path" 2>/dev/null | awk 'NR == 2 {print $4}'`,
    section('name'),
    sh`uname -n`,
    section('resolved'),
    sh`if command -v getent >/dev/null 2>&1; then getent ahosts "$(uname -n)"; else awk -v name="$(uname -n)" '{for (i = 2; i <= NF; i++) if ($i == name) print $1}' /etc/hosts; fi`,
    section('own'),
    sh`if command -v ip >/dev/null 2>&1; then ip -o addr 2>/dev/null || ip addr; else ifconfig -a 2>/dev/null; fi | grep -o -E 'inet6? (addr:)?[0-9a-fA-F.:]+'`,
    section('sockets'),
    sh`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" {n = split($2, a, ":"); print a[n], $10}'`,
    section('owners'),
    sh`ls -l /proc/[0-9]*/fd 2>/dev/null | awk '/^\/proc/ {split($1, p, "/"); pid = p[3]} match($0, /socket:\[[0-9]+\]/) {print substr($0, RSTART + 8, RLENGTH - 9), pid}' | while read -r inode pid; do read -r name < "/proc/$pid/comm" && echo "$inode $name"; done 2>/dev/null`,
  );
}

export function readHardware(answer: ExecResult): HostFindings {
  const sections = readSections(answer);
  const facts = readDistribution(sections);
  const owners = new Map(
    sections
      .lines('owners')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
  );
  const listeners = new Map<number, Listener>();
  for (const line of sections.lines('sockets')) {
    const [hex = '0', inode = ''] = line.split(' ');
    const port = Number.parseInt(hex, 16);
    const owner = owners.get(inode) ?? '';
    if (!listeners.has(port) || owner !== '') listeners.set(port, { port, owner });
  }
  const disk = sections.word('disk');
  return {
    uid: Number(sections.word('uid') || -1),
    cpus: Number(sections.word('cpus') || 0),
    virt: sections.word('virt'),
    memoryMb: Math.floor(Number(sections.word('memory') || 0) / 1024),
    diskGb: disk === '' ? undefined : Math.floor((Number(disk) / 1024 / 1024) * 10) / 10,
    os: String(facts['distribution']),
    version: String(facts['distribution_version']),
    hostname: sections.word('name'),
    resolved: [...new Set(sections.lines('resolved').map((line) => line.split(/\s+/)[0]!))],
    own: [...new Set(sections.lines('own').map((line) => line.replace(/^inet6? (?:addr:)?/, '')))],
    listeners: [...listeners.values()],
  };
}

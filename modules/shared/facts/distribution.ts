// Which distribution, release and family, from the release files.

import type { JsonObject } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import { type FactGroup, readAssignments } from './group.ts';

/** Distributions by family, under Ansible's names. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  RedHat: [
    ...[
      'RedHat',
      'RHEL',
      'Fedora',
      'CentOS',
      'Scientific',
      'SLC',
      'Ascendos',
      'CloudLinux',
      'PSBM',
      'OracleLinux',
      'OVS',
    ],
    ...['OEL', 'Amazon', 'Amzn', 'Virtuozzo', 'XenServer', 'Alibaba', 'EulerOS', 'openEuler', 'AlmaLinux', 'Rocky'],
    ...['TencentOS', 'EuroLinux', 'Kylin Linux Advanced Server', 'MIRACLE'],
  ],
  Debian: [
    ...['Debian', 'Ubuntu', 'Raspbian', 'Neon', 'KDE neon', 'Linux Mint', 'SteamOS', 'Devuan', 'Kali', 'Cumulus Linux'],
    ...['Pop!_OS', 'Parrot', 'Pardus GNU/Linux', 'Uos', 'Deepin', 'OSMC', 'Linux Mint Debian Edition'],
  ],
  Suse: [
    'SuSE',
    'SLES',
    'SLED',
    'openSUSE',
    'openSUSE Tumbleweed',
    'SLES_SAP',
    'SUSE_LINUX',
    'openSUSE Leap',
    'ALP-Dolomite',
    'SL-Micro',
    'openSUSE MicroOS',
  ],
  Archlinux: ['Archlinux', 'Antergos', 'Manjaro'],
  Mandrake: ['Mandrake', 'Mandriva'],
  Alpine: ['Alpine'],
  Gentoo: ['Gentoo', 'Funtoo'],
  Altlinux: ['Altlinux'],
  Slackware: ['Slackware'],
  ClearLinux: ['Clear Linux OS', 'Clear Linux Mix'],
  NixOS: ['NixOS'],
};
const FAMILY_OF = new Map(Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family])));

/** os-release IDs under Ansible's names. */
const BY_ID: Readonly<Record<string, string>> = {
  debian: 'Debian',
  ubuntu: 'Ubuntu',
  raspbian: 'Raspbian',
  devuan: 'Devuan',
  kali: 'Kali',
  linuxmint: 'Linux Mint',
  neon: 'KDE neon',
  pop: 'Pop!_OS',
  rhel: 'RedHat',
  centos: 'CentOS',
  rocky: 'Rocky',
  almalinux: 'AlmaLinux',
  fedora: 'Fedora',
  ol: 'OracleLinux',
  amzn: 'Amazon',
  scientific: 'Scientific',
  cloudlinux: 'CloudLinux',
  virtuozzo: 'Virtuozzo',
  openeuler: 'openEuler',
  anolis: 'Anolis',
  alinux: 'Alibaba',
  alpine: 'Alpine',
  arch: 'Archlinux',
  archarm: 'Archlinux',
  manjaro: 'Manjaro',
  sles: 'SLES',
  sled: 'SLED',
  sles_sap: 'SLES_SAP',
  'opensuse-leap': 'openSUSE Leap',
  'opensuse-tumbleweed': 'openSUSE Tumbleweed',
  gentoo: 'Gentoo',
  'clear-linux-os': 'Clear Linux OS',
  nixos: 'NixOS',
  slackware: 'Slackware',
  altlinux: 'Altlinux',
};

const FILES = [
  'redhat-release',
  'debian_version',
  'alpine-release',
  'arch-release',
  'SuSE-release',
  'system-release',
  'slackware-version',
] as const;

export const distribution: FactGroup = {
  name: 'distribution',
  family: 'min',
  aliases: ['distribution_version', 'distribution_release', 'distribution_major_version', 'os_family'],
  script: () =>
    lines(
      section('os-release'),
      sh`cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null`,
      ...FILES.map((file) => lines(section(file), sh`cat ${`/etc/${file}`} 2>/dev/null`)),
    ),
  read: (sections) => readDistribution(sections),
};

/** The facts, from the sections that the group's script prints. */
export function readDistribution(sections: Sections): JsonObject {
  const release = readAssignments(sections.text('os-release'));
  const red = sections.word('redhat-release');
  const id = (release['ID'] ?? '').toLowerCase();
  const found = nameAndVersion(id, release, red, sections);
  const major = found.version === 'NA' ? 'NA' : found.version.split('.')[0]!;
  return {
    distribution: found.name,
    distribution_version: found.version,
    distribution_major_version: major,
    distribution_release: found.release,
    ...(found.minor === undefined ? {} : { distribution_minor_version: found.minor }),
    distribution_file_parsed: true,
    distribution_file_path: found.path,
    distribution_file_variety: found.variety,
    os_family: FAMILY_OF.get(found.name) ?? familyLike(release['ID_LIKE'] ?? '') ?? found.name,
  };
}

interface Found {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly minor?: string | undefined;
  readonly path: string;
  readonly variety: string;
}

function nameAndVersion(id: string, release: Readonly<Record<string, string>>, red: string, sections: Sections): Found {
  const name = BY_ID[id] ?? release['NAME']?.split(' ')[0] ?? (red !== '' ? 'RedHat' : 'Linux');
  const version = release['VERSION_ID'] ?? 'NA';
  const codename = release['VERSION_CODENAME'] ?? /\(([^)]*)\)/.exec(release['VERSION'] ?? '')?.[1] ?? 'NA';
  const os = { path: '/etc/os-release' };
  if (name === 'Debian') {
    const full = sections.word('debian_version');
    const exact = /^\d+(\.\d+)?$/.test(full) ? full : version;
    return { ...os, name, version: exact, minor: exact.split('.')[1], release: codename, variety: 'Debian' };
  }
  if (FAMILY_OF.get(name) === 'Debian') return { ...os, name, version, release: codename, variety: 'Debian' };
  if (red !== '') return fromRedHat(name, red, version);
  if (name === 'Alpine') {
    const full = sections.word('alpine-release') || version;
    return { name, version: full, release: 'NA', path: '/etc/alpine-release', variety: 'Alpine' };
  }
  if (FAMILY_OF.get(name) === 'Archlinux') {
    return { ...os, name, version: 'rolling', release: 'NA', path: '/etc/arch-release', variety: 'Archlinux' };
  }
  if (FAMILY_OF.get(name) === 'Suse') {
    return { ...os, name, version, release: version.split('.')[1] ?? '', variety: 'SUSE' };
  }
  return { ...os, name, version, release: codename, variety: name };
}

/** `CentOS Linux release 7.9.2009 (Core)`: major and minor, and the name in brackets. */
function fromRedHat(name: string, text: string, fallback: string): Found {
  const version = /release (\d+(?:\.\d+)?)/.exec(text)?.[1] ?? fallback;
  const release = /\(([^)]*)\)/.exec(text)?.[1] ?? (text.includes('Stream') ? 'Stream' : '');
  const full = name === 'CentOS' && !version.includes('.') && fallback.includes('.') ? fallback : version;
  return {
    name,
    version: full,
    release,
    path: '/etc/redhat-release',
    variety: name === 'CentOS' ? 'CentOS' : 'RedHat',
  };
}

function familyLike(like: string): string | undefined {
  for (const id of like.toLowerCase().split(/\s+/)) {
    const family = FAMILY_OF.get(BY_ID[id] ?? '') ?? (id === 'suse' ? 'Suse' : undefined);
    if (family !== undefined) return family;
  }
  return undefined;
}

// What manages packages and services, and the Python that there may be: nothing here needs it, but playbooks ask.

import { lines, sh } from '../../../engine/module/sh.ts';
import { section } from '../sections.ts';
import { type FactGroup, minimal } from './group.ts';

// Paths by which package managers are known; for a family that has a manager of its own, that one counts.
const MANAGERS = {
  apt: ['/usr/bin/apt-get'],
  dnf5: ['/usr/bin/dnf5'],
  dnf: ['/usr/bin/dnf', '/usr/bin/dnf-3', '/usr/bin/microdnf'],
  yum: ['/usr/bin/yum'],
  zypper: ['/usr/bin/zypper'],
  pacman: ['/usr/bin/pacman'],
  apk: ['/sbin/apk', '/usr/bin/apk'],
  portage: ['/usr/bin/emerge'],
  xbps: ['/usr/bin/xbps-install'],
  opkg: ['/bin/opkg', '/usr/bin/opkg'],
  nix: ['/run/current-system/sw/bin/nix-env'],
} as const;

const packages = minimal(
  'pkg_mgr',
  [],
  lines(
    section('pkg-mgr'),
    ...Object.entries(MANAGERS).map(
      ([name, paths]) => sh`for path in ${paths}; do [ -x "$path" ] && { echo ${name}; break; }; done`,
    ),
    section('pkg-family'),
    sh`[ -e /etc/redhat-release ] && echo RedHat; [ -e /etc/debian_version ] && echo Debian; [ -e /run/ostree-booted ] && echo ostree`,
  ),
  (sections) => {
    const found = sections.lines('pkg-mgr');
    const family = sections.lines('pkg-family');
    if (family.includes('ostree') && family.includes('RedHat')) return { pkg_mgr: 'atomic_container' };
    if (family.includes('RedHat')) {
      const own = ['dnf5', 'dnf', 'yum'].find((name) => found.includes(name));
      if (own !== undefined) return { pkg_mgr: own === 'dnf5' && found.includes('dnf') ? 'dnf' : own };
    }
    return { pkg_mgr: found[0] ?? 'unknown' };
  },
);

const services = minimal(
  'service_mgr',
  [],
  lines(
    section('service-mgr'),
    sh`cat /proc/1/comm 2>/dev/null || ps -p 1 -o comm= 2>/dev/null`,
    section('service-signs'),
    sh`for sign in /run/systemd/system /dev/.run/systemd /dev/.systemd /etc/rc.common /sbin/openrc /etc/init; do [ -e "$sign" ] && echo "$sign"; done; command -v initctl >/dev/null 2>&1 && echo initctl; [ -d /etc/init.d ] && echo /etc/init.d; [ -L /sbin/init ] && readlink /sbin/init`,
  ),
  (sections) => ({ service_mgr: managerOf(sections.word('service-mgr'), sections.lines('service-signs')) }),
);

const INITS: Readonly<Record<string, string>> = {
  procd: 'openwrt_init',
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

function managerOf(first: string, signs: readonly string[]): string {
  const name = INITS[first] ?? first;
  if (name !== '' && !['init', 'sh', 'bash', 'COMMAND', 'bootstrap'].includes(name) && !name.endsWith('sh'))
    return name;
  if (signs.includes('/etc/rc.common')) return 'openwrt_init';
  if (signs.some((sign) => /systemd/.test(sign))) return 'systemd';
  if (signs.includes('initctl') && signs.includes('/etc/init')) return 'upstart';
  if (signs.includes('/sbin/openrc')) return 'openrc';
  return signs.includes('/etc/init.d') ? 'sysvinit' : 'service';
}

const systemd = minimal(
  'systemd',
  [],
  lines(section('systemd'), sh`[ -d /run/systemd/system ] && systemctl --version 2>/dev/null`),
  (sections) => {
    const [first = '', features = ''] = sections.lines('systemd');
    const version = /^systemd (\d+)/.exec(first)?.[1];
    return version === undefined ? {} : { systemd: { version: Number(version), features } };
  },
);

const python = minimal(
  'python',
  ['python_version'],
  lines(
    section('python'),
    sh`for name in python3 python; do path=$(command -v "$name") && { readlink -f "$path"; "$path" -V 2>&1; break; }; done`,
  ),
  (sections) => {
    const [executable = '', told = ''] = sections.lines('python');
    const version = /^Python (\d+)\.(\d+)\.(\d+)/.exec(told);
    if (version === null) return {};
    const [major, minor, micro] = version.slice(1).map(Number);
    return {
      python: {
        executable,
        has_sslcontext: true,
        type: 'cpython',
        version: { major: major!, minor: minor!, micro: micro!, releaselevel: 'final', serial: 0 },
        version_info: [major!, minor!, micro!, 'final', 0],
      },
      python_version: version.slice(1).join('.'),
    };
  },
);

export const MANAGER_FACTS: readonly FactGroup[] = [packages, services, systemd, python];

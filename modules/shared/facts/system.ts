// The small facts of a running system: user, environment, time, resolver, security, keys, managers.

import type { Json, JsonObject } from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import { type FactGroup, readAssignments } from './group.ts';

function group(
  name: string,
  aliases: readonly string[],
  script: Script,
  read: (sections: Sections) => JsonObject,
): FactGroup {
  return { name, family: 'min', aliases, script: () => script, read };
}

const user = group(
  'user',
  [
    'user_id',
    'user_dir',
    'user_uid',
    'user_gid',
    'user_shell',
    'user_gecos',
    'effective_user_ids',
    'effective_group_ids',
    'real_user_id',
  ],
  lines(
    section('user'),
    sh`id -u; id -g; id -ru; id -rg; id -un`,
    section('user-entry'),
    sh`name=$(id -un); if command -v getent >/dev/null 2>&1; then getent passwd "$name"; else awk -F: -v u="$name" '$1 == u' /etc/passwd; fi`,
  ),
  (sections) => {
    const [uid = '', gid = '', realUid = uid, realGid = gid, name = ''] = sections.lines('user');
    const [, , , , gecos = '', home = '', shell = ''] = sections.word('user-entry').split(':');
    return {
      user_id: name,
      user_uid: Number(uid),
      user_gid: Number(gid),
      user_gecos: gecos,
      user_dir: home,
      user_shell: shell,
      effective_user_id: Number(uid),
      effective_group_id: Number(gid),
      real_user_id: Number(realUid),
      real_group_id: Number(realGid),
    };
  },
);

const env = group(
  'env',
  [],
  lines(section('env'), sh`awk 'BEGIN {for (key in ENVIRON) printf "%s=%s\035", key, ENVIRON[key]}'`),
  (sections) => {
    const found: Record<string, string> = {};
    for (const entry of sections.text('env').split('\x1d')) {
      const at = entry.indexOf('=');
      if (at > 0 && entry !== '') found[entry.slice(0, at)] = entry.slice(at + 1);
    }
    return { env: found };
  },
);

const dateTime = group(
  'date_time',
  [],
  lines(
    section('date'),
    sh`now=$(date +%s.%N 2>/dev/null); case $now in *N) now=$(date +%s).000000000;; esac; echo "$now"
date '+%Y|%m|%d|%H|%M|%S|%Z|%z|%A|%w|%W'; date -u '+%Y-%m-%dT%H:%M:%S'`,
    section('zones'),
    sh`s=$(date +%s); for offset in 0 7889400 15778800 23668200; do date -d "@$((s + offset))" '+%Z %z' 2>/dev/null; done`,
  ),
  readDate,
);

function readDate(sections: Sections): JsonObject {
  const [now = '0.0', local = '', utc = ''] = sections.lines('date');
  const [year, month, day, hour, minute, second, tz = '', offset = '', weekday, number, week] = local.split('|');
  const [epoch = '0', fraction = '0'] = now.split('.');
  const micro = fraction.slice(0, 6).padEnd(6, '0');
  const zones = sections.lines('zones').map((line) => line.split(' '));
  const summer = zones.find(([name, at]) => name !== tz && at !== offset)?.[0] ?? tz;
  return {
    date_time: {
      year: year!,
      month: month!,
      day: day!,
      hour: hour!,
      minute: minute!,
      second: second!,
      weekday: weekday!,
      weekday_number: number!,
      weeknumber: week!,
      epoch,
      epoch_int: epoch,
      date: `${year}-${month}-${day}`,
      time: `${hour}:${minute}:${second}`,
      iso8601_micro: `${utc}.${micro}Z`,
      iso8601: `${utc}Z`,
      iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}${micro}`,
      iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
      tz,
      tz_dst: summer,
      tz_offset: offset,
    },
  };
}

const cmdline = group(
  'cmdline',
  ['proc_cmdline'],
  lines(section('cmdline'), sh`cat /proc/cmdline 2>/dev/null`),
  (sections) => {
    const last: Record<string, Json> = {};
    const all: Record<string, Json> = {};
    for (const word of shellWords(sections.word('cmdline'))) {
      const at = word.indexOf('=');
      const key = at < 0 ? word : word.slice(0, at);
      const value: Json = at < 0 ? true : word.slice(at + 1);
      last[key] = value;
      const before = all[key];
      all[key] = before === undefined || at < 0 ? value : Array.isArray(before) ? [...before, value] : [before, value];
    }
    return { cmdline: last, proc_cmdline: all };
  },
);

/** Words of a line, quotes taken away. */
function shellWords(text: string): string[] {
  return (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replace(/["']/g, ''));
}

const dns = group('dns', [], lines(section('dns'), sh`cat /etc/resolv.conf 2>/dev/null`), (sections) => {
  const found: Record<string, Json> = {};
  for (const line of sections.lines('dns')) {
    const [key = '', ...values] = line.trim().split(/\s+/);
    if (key.startsWith('#') || key.startsWith(';') || values.length === 0) continue;
    if (key === 'nameserver') found['nameservers'] = [...((found['nameservers'] as Json[]) ?? []), ...values];
    else if (key === 'domain') found['domain'] = values[0]!;
    else if (key === 'search' || key === 'sortlist') found[key] = values;
    else if (key === 'options') {
      found['options'] = Object.fromEntries(
        values.map((value) => {
          const [name = '', setting] = value.split(':');
          return [name, setting ?? true];
        }),
      );
    }
  }
  return { dns: found };
});

const lsb = group(
  'lsb',
  [],
  lines(
    section('lsb'),
    sh`if command -v lsb_release >/dev/null 2>&1; then lsb_release -a 2>/dev/null; else cat /etc/lsb-release 2>/dev/null; fi`,
  ),
  (sections) => {
    const text = sections.text('lsb');
    const told = (label: string, key: string): string | undefined =>
      new RegExp(`^${label}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? readAssignments(text)[key];
    const release = told('Release', 'DISTRIB_RELEASE');
    const found: Record<string, string | undefined> = {
      id: told('Distributor ID', 'DISTRIB_ID'),
      description: told('Description', 'DISTRIB_DESCRIPTION'),
      release,
      codename: told('Codename', 'DISTRIB_CODENAME'),
      major_release: release?.split('.')[0],
    };
    return {
      lsb: Object.fromEntries(
        Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    };
  },
);

const selinux = group(
  'selinux',
  [],
  lines(
    section('selinux'),
    sh`if [ -e /sys/fs/selinux/enforce ]; then cat /sys/fs/selinux/enforce; echo; cat /sys/fs/selinux/policyvers; echo; sed -n 's/^SELINUX=//p; s/^SELINUXTYPE=/type /p' /etc/selinux/config 2>/dev/null; fi`,
  ),
  (sections) => {
    const [enforce, policy = '', ...config] = sections.lines('selinux');
    if (enforce === undefined) return { selinux: { status: 'disabled' }, selinux_python_present: true };
    const type = config.find((line) => line.startsWith('type '))?.slice(5) ?? 'unknown';
    const mode = config.find((line) => !line.startsWith('type ')) ?? 'unknown';
    return {
      selinux: {
        status: 'enabled',
        mode: enforce.trim() === '1' ? 'enforcing' : 'permissive',
        config_mode: mode,
        policyvers: Number(policy),
        type,
      },
      selinux_python_present: true,
    };
  },
);

const security = group(
  'apparmor',
  [],
  lines(section('apparmor'), sh`[ -d /sys/kernel/security/apparmor ] && echo yes`),
  (sections) => ({ apparmor: { status: sections.word('apparmor') === 'yes' ? 'enabled' : 'disabled' } }),
);

const fips = group(
  'fips',
  [],
  lines(section('fips'), sh`cat /proc/sys/crypto/fips_enabled 2>/dev/null`),
  (sections) => ({
    fips: sections.word('fips') === '1',
  }),
);

const caps = group(
  'caps',
  ['system_capabilities', 'system_capabilities_enforced'],
  lines(section('caps'), sh`command -v capsh >/dev/null 2>&1 && capsh --print 2>/dev/null | grep '^Current:'`),
  (sections) => {
    const line = sections.word('caps');
    if (line === '') return {};
    const text = line.slice('Current:'.length).trim();
    if (text === '=ep') return { system_capabilities_enforced: 'False', system_capabilities: [] };
    const names = (line.split('=')[1] ?? '').split(',').map((name) => name.trim());
    return { system_capabilities_enforced: 'True', system_capabilities: names };
  },
);

const keys = group(
  'ssh_pub_keys',
  ['ssh_host_key_dsa_public', 'ssh_host_key_rsa_public', 'ssh_host_key_ecdsa_public', 'ssh_host_key_ed25519_public'],
  lines(
    section('ssh-keys'),
    sh`for folder in /etc/ssh /etc/openssh /etc; do found=; for kind in dsa rsa ecdsa ed25519; do file=$folder/ssh_host_$kind"_key.pub"; [ -r "$file" ] && { found=yes; echo "$kind $(cat "$file")"; }; done; [ -z "$found" ] || break; done`,
  ),
  (sections) => {
    const found: Record<string, string> = {};
    for (const line of sections.lines('ssh-keys')) {
      const [kind, type = '', key = ''] = line.split(' ');
      found[`ssh_host_key_${kind}_public`] = key;
      found[`ssh_host_key_${kind}_public_keytype`] = type;
    }
    return found;
  },
);

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

const packages = group(
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

const services = group(
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

const systemd = group(
  'systemd',
  [],
  lines(section('systemd'), sh`[ -d /run/systemd/system ] && systemctl --version 2>/dev/null`),
  (sections) => {
    const [first = '', features = ''] = sections.lines('systemd');
    const version = /^systemd (\d+)/.exec(first)?.[1];
    return version === undefined ? {} : { systemd: { version: Number(version), features } };
  },
);

const chroot: FactGroup = {
  name: 'chroot',
  family: 'other',
  aliases: ['is_chroot'],
  script: () => lines(section('chroot'), sh`stat -L -c %d:%i / /proc/1/root/. 2>/dev/null; stat -c %i / 2>/dev/null`),
  read(sections) {
    const [own, first, inode] = sections.lines('chroot');
    const compared = first?.includes(':') === true;
    return {
      is_chroot: compared
        ? own !== first
        : (inode ?? first) !== undefined && !['2', '128', '256'].includes((inode ?? first)!),
    };
  },
};

const loadavg: FactGroup = {
  name: 'loadavg',
  family: 'other',
  aliases: [],
  script: () => lines(section('loadavg'), sh`cat /proc/loadavg 2>/dev/null`),
  read(sections) {
    const [one, five, fifteen] = sections.word('loadavg').split(' ').map(Number);
    return fifteen === undefined ? {} : { loadavg: { '1m': one!, '5m': five!, '15m': fifteen } };
  },
};

const storageNames: FactGroup = {
  name: 'iscsi',
  family: 'other',
  aliases: ['nvme', 'fibre_channel_wwn', 'hostnqn'],
  script: () =>
    lines(
      section('iscsi'),
      sh`sed -n 's/^InitiatorName=//p' /etc/iscsi/initiatorname.iscsi 2>/dev/null`,
      section('nvme'),
      sh`cat /etc/nvme/hostnqn 2>/dev/null`,
      section('fc'),
      sh`cat /sys/class/fc_host/*/port_name 2>/dev/null`,
    ),
  read: (sections) => ({
    iscsi_iqn: sections.lines('iscsi').at(-1) ?? '',
    hostnqn: sections.word('nvme'),
    fibre_channel_wwn: sections.lines('fc').map((line) => line.replace(/^0x/, '')),
  }),
};

const local: FactGroup = {
  name: 'local',
  family: 'min',
  aliases: [],
  script: ({ factPath }) =>
    lines(
      section('local'),
      sh`cd ${factPath} 2>/dev/null && for file in *.fact; do [ -e "$file" ] || continue
  printf '\036fact %s\n' "$file"; if [ -x "$file" ]; then "./$file" 2>/dev/null </dev/null; else cat "$file"; fi; rc=$?; printf '\036fact-rc %s\n%s\n' "$file" "$rc"
done; cd - >/dev/null 2>&1`,
    ),
  read(sections) {
    const found: Record<string, Json> = {};
    for (const name of sections.names().filter((one) => one.startsWith('fact '))) {
      const file = name.slice('fact '.length);
      const rc = sections.word(`fact-rc ${file}`);
      const key = file.replace(/\.fact$/, '');
      found[key] = rc === '0' ? factOf(sections.text(name), file) : `error executing fact script (${file}): exit ${rc}`;
    }
    return { local: found };
  },
};

/** A .fact file's content: JSON, else INI. */
function factOf(text: string, file: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const tables: Record<string, Record<string, string>> = {};
    let table: Record<string, string> | undefined;
    for (const line of text.split('\n')) {
      if (/^\s*([#;].*)?$/.test(line)) continue;
      const head = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
      const entry = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line);
      if (head !== undefined) {
        tables[head] = table = {};
      } else if (table !== undefined && entry !== null) table[entry[1]!.toLowerCase()] = entry[2]!;
      else return `error loading facts as JSON or ini - please check content: ${file}`;
    }
    return tables;
  }
}

export const SYSTEM: readonly FactGroup[] = [
  ...[user, env, dateTime, cmdline, dns, lsb, selinux, security, fips, caps, keys, packages, services, systemd],
  ...[local, chroot, loadavg, storageNames],
];

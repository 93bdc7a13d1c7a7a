// The small facts of a running system: user, environment, time, command line of the kernel, resolver, load.

import type { Json, JsonObject } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { type Sections, section } from '../sections.ts';
import { type FactGroup, minimal, readAssignments } from './group.ts';

const user = minimal(
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

const env = minimal(
  'env',
  [],
  lines(section('env'), sh`awk 'BEGIN {for (key in ENVIRON) printf "%s=%s\035", key, ENVIRON[key]}'`),
  (sections) => {
    const found: Record<string, string> = {};
    for (const entry of sections.text('env').split('\x1d')) {
      const at = entry.indexOf('=');
      if (at > 0 && entry !== '') found[entry.slice(0, at)] = entry.slice(at + 1);
    }
    // The session's own locale, in which every question is asked.
    if (found['LC_ALL'] === 'C') delete found['LC_ALL'];
    if (found['LANGUAGE'] === '') delete found['LANGUAGE'];
    return { env: found };
  },
);

const dateTime = minimal(
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

const cmdline = minimal(
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

const dns = minimal('dns', [], lines(section('dns'), sh`cat /etc/resolv.conf 2>/dev/null`), (sections) => {
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

const lsb = minimal(
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

export const SYSTEM: readonly FactGroup[] = [user, env, dateTime, cmdline, dns, lsb, chroot, loadavg, storageNames];

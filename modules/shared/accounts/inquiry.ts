// What the host knows of a user and of groups, read from the account database (getent, or the files themselves).

import type { State } from '../../../engine/model/resource.ts';
import {
  ABSENT,
  type ExecResult,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Resource,
} from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { readSections, section } from '../sections.ts';
import { noteOf } from '../seen.ts';
import { readSkeleton, skeletonScript } from './skeleton.ts';

export interface AccountOptions {
  /** Looks at the files only. */
  readonly local: boolean;
  readonly home?: string | undefined;
  readonly key?: string | undefined;
  /** Tells what a new home would begin with: this folder, or the usual one. */
  readonly skeleton?: { readonly folder: string | undefined } | undefined;
}

/** Script that tells of the tools there are, of the user and of the groups. */
export function accountScript(user: string | undefined, groups: readonly string[], options: AccountOptions): Script {
  const source = options.local
    ? sh`database() { cat "/etc/$1" 2>/dev/null; }`
    : sh`database() { if command -v getent >/dev/null 2>&1; then getent "$1"; else cat "/etc/$1" 2>/dev/null; fi; }`;
  return lines(
    source,
    section('tools'),
    sh`for tool in useradd usermod userdel groupadd groupmod groupdel gpasswd chage luseradd lusermod luserdel lgroupadd lgroupmod lgroupdel ssh-keygen; do command -v "$tool" >/dev/null 2>&1 && echo "$tool"; done`,
    section('groups'),
    sh`database group`,
    section('asked'),
    groups.length > 0 &&
      sh`if command -v getent >/dev/null 2>&1; then for group in ${groups}; do getent group "$group"; done; fi`,
    user !== undefined && userScript(user, options),
  );
}

function userScript(user: string, options: AccountOptions): Script {
  return lines(
    sh`user=${user}; line=$(database passwd | awk -F: -v user="$user" '$1 == user' | head -n 1)`,
    sh`[ -n "$line" ] || ! command -v getent >/dev/null 2>&1 || [ "$(command -v database)" = x ] || line=$(getent passwd "$user" 2>/dev/null | awk -F: -v user="$user" '$1 == user')`,
    section('passwd'),
    sh`echo "$line"`,
    section('shadow'),
    sh`awk -F: -v user="$user" '$1 == user' /etc/shadow 2>/dev/null`,
    section('used'),
    sh`awk -F: '{print $3}' /etc/passwd`,
    section('defaults'),
    sh`useradd -D 2>/dev/null; awk '/^(UID_MIN|UID_MAX|SYS_UID_MIN|SYS_UID_MAX|UMASK|HOME_MODE|USERGROUPS_ENAB|CREATE_HOME)[ \t]/ {print $1 "=" $2}' /etc/login.defs 2>/dev/null`,
    section('hostname'),
    sh`hostname 2>/dev/null || cat /proc/sys/kernel/hostname`,
    sh`home=${options.home ?? ''}; [ -n "$home" ] || home=$(echo "$line" | cut -d: -f6); [ -n "$home" ] || home=/home/$user`,
    section('home'),
    sh`[ -e "$home" ] && echo there`,
    options.skeleton !== undefined &&
      sh`if [ -z "$line" ]; then
${raw(skeletonScript(options.skeleton.folder))}
fi`,
    options.key !== undefined &&
      lines(
        sh`key=${options.key}; case $key in /*) ;; *) key=$home/$key;; esac`,
        section('key'),
        sh`echo "$key"; [ -e "$key" ] && { echo there; ssh-keygen -l -f "$key" 2>&1 | head -n 1; cat "$key.pub"; }`,
      ),
  );
}

/** Reads the answer: `user:NAME` (when one was asked for), `group:` of each group asked for, and notes. */
export function readAccounts(user: string | undefined, groups: readonly string[], answer: ExecResult): Observed {
  const sections = readSections(answer);
  const seen = new Map<Resource, State>();
  const table = [...sections.lines('groups'), ...sections.lines('asked')].map((line) => line.split(':'));
  const byName = new Map(table.map(([name = '', , gid = '', members = '']) => [name, { gid, members }]));
  const byGid = new Map(table.map(([name = '', , gid = '']) => [gid, name]));
  const membersOf = (text: string): string[] => text.split(',').filter((name) => name !== '');
  for (const group of groups) {
    const found = byName.get(group) ?? byName.get(byGid.get(group) ?? '');
    seen.set(`group:${group}`, found ? { gid: Number(found.gid), members: membersOf(found.members) } : ABSENT);
  }
  seen.set('account-tools:', { tools: sections.lines('tools') });
  if (user === undefined) return seen;
  const [name, , uid, gid, comment, home, shell] = sections.word('passwd').split(':');
  const of: Resource = `user:${user}`;
  const primary = byGid.get(gid ?? '');
  const supplementary = [...byName]
    .filter(([group, entry]) => membersOf(entry.members).includes(user) && group !== primary)
    .map(([group]) => group);
  seen.set(
    of,
    name === user
      ? {
          uid: Number(uid),
          gid: Number(gid),
          comment: comment!,
          home: home!,
          shell: shell!,
          groups: supplementary,
          group: primary ?? '',
        }
      : ABSENT,
  );
  if (!groups.includes(user)) {
    const own = byName.get(user);
    seen.set(`group:${user}`, own ? { gid: Number(own.gid), members: membersOf(own.members) } : ABSENT);
  }
  const shadow = sections.word('shadow').split(':');
  const key = sections.lines('key');
  return seen.set(`account:${user}`, {
    hash: shadow[1] ?? '',
    min: shadow[3] ?? '',
    max: shadow[4] ?? '',
    warn: shadow[5] ?? '',
    inactive: shadow[6] ?? '',
    expires: shadow[7] ?? '',
    used: sections.lines('used').map(Number),
    defaults: Object.fromEntries(
      sections.lines('defaults').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    hostname: sections.word('hostname'),
    skeleton: readSkeleton(sections),
    homeThere: sections.word('home') === 'there',
    key: { path: key[0] ?? '', there: key[1] === 'there', fingerprint: key[2] ?? '', public: key[3] ?? '' },
  });
}

/** What accounts are changed with: the shadow tools, libuser's for the host's own files, or by editing those. */
export type Tools = 'shadow' | 'local' | 'files';

/** libuser's tools. Throws ModuleFailure where they are missing; where there is no other tool either the files are edited. */
export function localTools(has: (tool: string) => boolean, tool: string): Tools {
  if (has(tool)) return 'local';
  if (!has('useradd')) return 'files';
  throw new ModuleFailure(`Failed to find required executable "${tool}" in paths`);
}

/** Is a tool there? */
export function hasTool(seen: Observed, tool: string): boolean {
  const tools: JsonObject = noteOf(seen, 'account-tools:');
  return Array.isArray(tools['tools']) && tools['tools'].includes(tool);
}

/** Shell functions that edit the account files where the shadow tools are missing; they keep owner and mode of the files. */
export const EDIT_FILES: Script = sh`edit() { file=$1; shift; [ -e "$file" ] || return 0; awk -F: -v OFS=: "$@" "$file" > "$file.new.$$" && cat "$file.new.$$" > "$file"; ok=$?; rm -f "$file.new.$$"; return $ok; }
join_group() { edit /etc/group -v g="$2" -v u="$1" '$1 == g {n = split($4, m, ","); for (i = 1; i <= n; i++) if (m[i] == u) {print; next} $4 = ($4 == "" ? u : $4 "," u)} {print}'; }
leave_group() { edit /etc/group -v g="$2" -v u="$1" '$1 == g || g == "*" {n = split($4, m, ","); l = ""; for (i = 1; i <= n; i++) if (m[i] != u) l = (l == "" ? m[i] : l "," m[i]); $4 = l} {print}'; }
free_id() { awk -F: -v low="$2" -v high="$3" '{used[$3] = 1} END {for (i = low; i <= high; i++) if (!(i in used)) {print i; exit}}' "$1" $4; }`;

// Scripts that make, change and remove users: by useradd and its kin, or by editing the files where those are missing.

import { lines, NOTHING, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { EDIT_FILES, type Tools } from './inquiry.ts';
import type { UserArgs } from './schema.ts';

/** What of a user is to be set. Fields that are undefined stay as they are. */
export interface Wanted {
  readonly uid?: number | undefined;
  readonly group?: string | undefined;
  /** The whole list of supplementary groups, or those to add. */
  readonly groups?: readonly string[] | undefined;
  readonly append?: boolean;
  readonly comment?: string | undefined;
  readonly home?: string | undefined;
  readonly move?: boolean;
  readonly shell?: string | undefined;
  /** Days since the epoch; -1 for never. */
  readonly expires?: number | undefined;
  readonly seuser?: string | undefined;
  readonly lock?: boolean | undefined;
  readonly ages?: readonly string[];
  readonly inactive?: number | undefined;
  /** The hash comes on stdin. */
  readonly password?: boolean;
}

/** Prints the user's line at the end, from which the result is read. */
const TELL = sh`printf '\036passwd\n'; if command -v getent >/dev/null 2>&1; then getent passwd "$name"; else awk -F: -v u="$name" '$1 == u' /etc/passwd; fi`;

const PASSWORD = sh`hash=$(cat)
if command -v chpasswd >/dev/null 2>&1; then printf '%s:%s\n' "$name" "$hash" | chpasswd -e || exit
else edit /etc/shadow -v u="$name" -v h="$hash" '$1 == u {$2 = h} {print}' || exit; fi`;

/** A date as useradd takes it; '' for never. */
function dateOf(days: number): string {
  return days < 0 ? '' : new Date(days * 86_400_000).toISOString().slice(0, 10);
}

export function createUser(args: UserArgs, wanted: Wanted, tools: Tools, ownGroup: boolean): Script {
  if (tools === 'files') return createInFiles(args, wanted);
  const local = tools === 'local';
  const words: (string | number)[] = [];
  if (wanted.uid !== undefined) words.push('-u', wanted.uid, ...(args.non_unique ? ['-o'] : []));
  if (args.seuser !== undefined) words.push('-Z', args.seuser);
  if (args.group !== undefined) words.push('-g', args.group);
  else if (ownGroup) words.push(local ? '-n' : '-N');
  if (wanted.groups !== undefined && wanted.groups.length > 0 && !local) words.push('-G', wanted.groups.join(','));
  if (args.comment !== undefined) words.push('-c', args.comment);
  if (args.home !== undefined) words.push('-d', args.home);
  if (args.shell !== undefined) words.push('-s', args.shell);
  if (wanted.expires !== undefined && !local) words.push('-e', dateOf(wanted.expires));
  if (wanted.inactive !== undefined && !local) words.push('-f', wanted.inactive);
  if (args.create_home) {
    if (!local) words.push('-m');
    if (args.skeleton !== undefined) words.push('-k', args.skeleton);
    if (args.umask !== undefined) words.push('-K', `UMASK=${args.umask}`);
  } else words.push('-M');
  if (args.system) words.push('-r');
  if (args.uid_min !== undefined) words.push('-K', `UID_MIN=${args.uid_min}`);
  if (args.uid_max !== undefined) words.push('-K', `UID_MAX=${args.uid_max}`);
  return lines(
    sh`name=${args.name}`,
    EDIT_FILES,
    sh`${local ? 'luseradd' : 'useradd'} ${words} "$name" || exit`,
    local && sh`for group in ${wanted.groups ?? []}; do lgroupmod -M "$name" "$group" || exit; done`,
    wanted.password && PASSWORD,
    ages(wanted, local),
    lock(wanted, tools),
    TELL,
  );
}

function ages(wanted: Wanted, local: boolean): Script | undefined {
  if (wanted.ages === undefined || wanted.ages.length === 0) return undefined;
  return sh`${local ? 'lchage' : 'chage'} ${wanted.ages} "$name" || exit`;
}

function lock(wanted: Wanted, tools: Tools): Script | undefined {
  if (wanted.lock === undefined) return undefined;
  if (tools === 'files') {
    return wanted.lock
      ? sh`edit /etc/shadow -v u="$name" '$1 == u && $2 !~ /^!/ {$2 = "!" $2} {print}' || exit`
      : sh`edit /etc/shadow -v u="$name" '$1 == u {sub(/^!+/, "", $2)} {print}' || exit`;
  }
  return sh`${tools === 'local' ? 'lusermod' : 'usermod'} ${wanted.lock ? '-L' : '-U'} "$name" || exit`;
}

export function modifyUser(args: UserArgs, wanted: Wanted, tools: Tools): Script {
  if (tools === 'files') return modifyInFiles(args, wanted);
  const local = tools === 'local';
  const words: (string | number)[] = [];
  if (wanted.uid !== undefined) words.push('-u', wanted.uid, ...(args.non_unique ? ['-o'] : []));
  if (wanted.group !== undefined) words.push('-g', wanted.group);
  if (wanted.groups !== undefined && !local)
    words.push(...(wanted.append ? ['-a'] : []), '-G', wanted.groups.join(','));
  if (wanted.comment !== undefined) words.push('-c', wanted.comment);
  if (wanted.home !== undefined) words.push('-d', wanted.home, ...(wanted.move ? ['-m'] : []));
  if (wanted.shell !== undefined) words.push('-s', wanted.shell);
  if (wanted.expires !== undefined) words.push('-e', dateOf(wanted.expires));
  if (wanted.inactive !== undefined && !local) words.push('-f', wanted.inactive);
  if (wanted.seuser !== undefined) words.push('-Z', wanted.seuser);
  return lines(
    sh`name=${args.name}`,
    EDIT_FILES,
    words.length > 0 && sh`${local ? 'lusermod' : 'usermod'} ${words} "$name" || exit`,
    local && localGroups(wanted),
    wanted.password && PASSWORD,
    ages(wanted, local),
    lock(wanted, tools),
    TELL,
  );
}

function localGroups(wanted: Wanted): Script {
  if (wanted.groups === undefined) return NOTHING;
  const leave = wanted.append
    ? NOTHING
    : sh`for group in $(awk -F: -v u="$name" '{n = split($4, m, ","); for (i = 1; i <= n; i++) if (m[i] == u) print $1}' /etc/group); do
  case ${` ${wanted.groups.join(' ')} `} in *" $group "*) ;; *) lgroupmod -m "$name" "$group" || exit;; esac
done`;
  return lines(leave, sh`for group in ${wanted.groups}; do lgroupmod -M "$name" "$group" || exit; done`);
}

export function removeUser(args: UserArgs, tools: Tools, home: string): Script {
  if (tools === 'local') {
    return sh`luserdel ${args.remove ? ['-r'] : []} ${args.name}`;
  }
  if (tools === 'shadow') return sh`userdel ${args.force ? ['-f'] : []} ${args.remove ? ['-r'] : []} ${args.name}`;
  return lines(
    sh`name=${args.name}; home=${home}`,
    EDIT_FILES,
    sh`gid=$(awk -F: -v u="$name" '$1 == u {print $4}' /etc/passwd)`,
    sh`edit /etc/passwd -v u="$name" '$1 != u' && edit /etc/shadow -v u="$name" '$1 != u' && leave_group "$name" '*' || exit`,
    sh`awk -F: -v gid="$gid" '$4 == gid {found = 1} END {exit found}' /etc/passwd && edit /etc/group -v u="$name" '!($1 == u && $4 == "")'`,
    args.remove ? sh`case $home in /|'') ;; *) rm -rf "$home" "/var/mail/$name";; esac` : sh`:`,
  );
}

function createInFiles(args: UserArgs, wanted: Wanted): Script {
  const low = args.uid_min ?? (args.system ? 100 : 1000);
  const high = args.uid_max ?? (args.system ? 999 : 60000);
  return lines(
    sh`name=${args.name}; uid=${wanted.uid ?? ''}; group=${args.group ?? ''}; home=${args.home ?? `/home/${args.name}`}`,
    EDIT_FILES,
    sh`[ -n "$uid" ] || uid=$(free_id /etc/passwd ${low} ${high} /etc/group)`,
    !args.non_unique &&
      sh`if awk -F: -v uid="$uid" '$3 == uid {found = 1} END {exit !found}' /etc/passwd; then echo "UID $uid is not unique" >&2; exit 4; fi`,
    sh`[ -n "$group" ] || group=$name`,
    sh`gid=$(awk -F: -v g="$group" '$1 == g || $3 == g {print $3; exit}' /etc/group)
if [ -z "$gid" ]; then gid=$uid; echo "$name:x:$gid:" >> /etc/group; [ ! -e /etc/gshadow ] || echo "$name:!::" >> /etc/gshadow; fi`,
    sh`echo "$name:x:$uid:$gid:"${raw(sh`${args.comment ?? ''}`)}":$home:"${raw(sh`${args.shell ?? '/bin/sh'}`)} >> /etc/passwd`,
    sh`[ ! -e /etc/shadow ] || echo "$name:!:$(($(date +%s) / 86400)):0:99999:7:::" >> /etc/shadow`,
    sh`for group in ${wanted.groups ?? []}; do join_group "$name" "$group" || exit; done`,
    shadowFields(wanted),
    wanted.password && PASSWORD,
    lock(wanted, 'files'),
    args.create_home && makeHome(args),
    TELL,
  );
}

/** Makes the home `$home` with what the skeleton holds, for `$uid` and `$gid`. */
export function makeHome(args: UserArgs): Script {
  const mode = args.umask === undefined ? '' : (0o777 & ~Number.parseInt(args.umask, 8)).toString(8);
  return sh`if [ ! -e "$home" ]; then
  mkdir -p "$home" || exit
  skeleton=${args.skeleton ?? '/etc/skel'}; [ ! -d "$skeleton" ] || cp -R "$skeleton/." "$home/" || exit
  mode=${mode}; [ -n "$mode" ] || mode=$(awk '/^HOME_MODE[ \t]/ {print $2}' /etc/login.defs 2>/dev/null); [ -n "$mode" ] || mode=0755
  chmod "$mode" "$home"; chown -R "$uid:$gid" "$home" || exit
fi`;
}

function shadowFields(wanted: Wanted): Script | undefined {
  const fields: string[] = [];
  const column: Readonly<Record<string, number>> = { '-m': 4, '-M': 5, '-W': 6 };
  (wanted.ages ?? []).forEach((word, at, all) => {
    if (column[word] !== undefined) fields.push(`$${column[word]} = "${all[at + 1]}"`);
  });
  if (wanted.inactive !== undefined) fields.push(`$7 = "${wanted.inactive}"`);
  if (wanted.expires !== undefined) fields.push(`$8 = "${wanted.expires < 0 ? '' : wanted.expires}"`);
  if (fields.length === 0) return undefined;
  return sh`edit /etc/shadow -v u="$name" ${`$1 == u {${fields.join('; ')}} {print}`} || exit`;
}

function modifyInFiles(args: UserArgs, wanted: Wanted): Script {
  const set: string[] = [];
  if (wanted.uid !== undefined) set.push('$3 = uid');
  if (wanted.group !== undefined) set.push('$4 = gid');
  if (wanted.comment !== undefined) set.push('$5 = comment');
  if (wanted.home !== undefined) set.push('$6 = home');
  if (wanted.shell !== undefined) set.push('$7 = shell');
  const named = (word: string | number | undefined): ReturnType<typeof raw> => raw(sh`${word ?? ''}`);
  return lines(
    sh`name=${args.name}; old=$(awk -F: -v u="$name" '$1 == u {print $6}' /etc/passwd)`,
    EDIT_FILES,
    wanted.group !== undefined &&
      sh`gid=$(awk -F: -v g=${named(wanted.group)} '$1 == g || $3 == g {print $3; exit}' /etc/group)`,
    set.length > 0 &&
      sh`edit /etc/passwd -v u="$name" -v uid=${named(wanted.uid)} -v gid="$gid" -v comment=${named(wanted.comment)} -v home=${named(wanted.home)} -v shell=${named(wanted.shell)} ${`$1 == u {${set.join('; ')}} {print}`} || exit`,
    wanted.move &&
      sh`if [ -d "$old" ] && [ ! -e ${wanted.home ?? ''} ]; then mv "$old" ${wanted.home ?? ''} || exit; fi`,
    wanted.groups !== undefined && !wanted.append && sh`leave_group "$name" '*' || exit`,
    wanted.groups !== undefined && sh`for group in ${wanted.groups}; do join_group "$name" "$group" || exit; done`,
    shadowFields(wanted),
    wanted.password && PASSWORD,
    lock(wanted, 'files'),
    TELL,
  );
}

// What a file is like besides its content: mode, owner, group, SELinux context, attributes. The arguments that all file
// modules share, what has to be asked for them, and the plan of the difference.

import type { Json, JsonObject } from '../../engine/model/value.ts';
import { ABSENT, ModuleFailure, type Observed, UNKNOWN } from '../../engine/module/contract.ts';
import type { Schema } from '../../engine/module/schema.ts';
import { lines, type raw, type Script, sh } from '../../engine/module/sh.ts';
import { type FileState, register } from './look.ts';
import { bitsOf, modeBits, modeText } from './mode.ts';

export const FILE_ARGS = {
  mode: { type: 'raw', doc: 'Permissions: octal (quoted, `"0644"`) or symbolic (`u=rw,g=r,o=`).' },
  owner: { type: 'str', doc: 'Name or number of the user that owns it.' },
  group: { type: 'str', doc: 'Name or number of the group that owns it.' },
  attributes: {
    type: 'str',
    aliases: ['attr'],
    doc: 'Flags as chattr takes them (`+i`, `-a`, `=e`). Unlike in Ansible, flags that are set already change nothing.',
  },
  seuser: { type: 'str', doc: 'User part of the SELinux context; `_default` for what the policy says.' },
  serole: { type: 'str', doc: 'Role part of the SELinux context; `_default` for what the policy says.' },
  setype: { type: 'str', doc: 'Type part of the SELinux context; `_default` for what the policy says.' },
  selevel: { type: 'str', doc: 'Level part of the SELinux context; `_default` for what the policy says.' },
  unsafe_writes: {
    type: 'bool',
    default: false,
    doc: 'Overwrite in place where renaming fails, as for files that are mounted into a container.',
  },
} as const satisfies Schema;

export interface FileArgs {
  readonly mode?: Json | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly attributes?: string | undefined;
  readonly seuser?: string | undefined;
  readonly serole?: string | undefined;
  readonly setype?: string | undefined;
  readonly selevel?: string | undefined;
}

const CONTEXT = ['seuser', 'serole', 'setype', 'selevel'] as const;

function wantsContext(args: FileArgs): boolean {
  return CONTEXT.some((part) => args[part] !== undefined);
}

/** Lines of a question that learn what `planAttributes` needs besides the state of the file that `word` names. */
export function askAttributes(args: FileArgs, word: ReturnType<typeof raw>): Script {
  return lines(
    args.owner !== undefined && !isNumber(args.owner) && sh`look_user ${args.owner}`,
    args.group !== undefined && !isNumber(args.group) && sh`look_group ${args.group}`,
    args.attributes !== undefined &&
      sh`printf '%s\0' fact attributes "$(lsattr -d ${word} 2>/dev/null | { read -r f p; printf %s "$f"; })"`,
    wantsContext(args) &&
      sh`if [ -e /sys/fs/selinux/enforce ]; then
  printf '%s\0' fact context "$(stat -c %C ${word} 2>/dev/null)"
  printf '%s\0' fact context-default "$(matchpathcon -n ${word} 2>/dev/null)"
fi`,
  );
}

/** The line by which a script tells who it runs as and its umask: what a new file will be like. */
export const WHOAMI: Script = sh`printf '%s\0' fact self "$(id -u):$(id -g):$(id -un):$(id -gn):$(umask)"`;

/** What a file or folder that the session makes is like. */
export function newState(type: 'file' | 'directory', seen: Observed, parent: FileState | undefined): FileState {
  const told = seen.get('fact:self');
  const [uid, gid, owner, group, umask] = (typeof told === 'string' ? told : '0:0:root:root:022').split(':');
  const bits = (type === 'file' ? 0o666 : 0o777) & ~Number.parseInt(umask!, 8);
  const inherits = parent?.mode !== undefined && (bitsOf(parent.mode) & 0o2000) !== 0 && parent.gid !== undefined;
  return {
    type,
    mode: modeText(inherits && type === 'directory' ? bits | 0o2000 : bits),
    uid: Number(uid),
    gid: inherits ? parent.gid! : Number(gid),
    owner: owner!,
    group: inherits ? (parent.group ?? String(parent.gid)) : group!,
    links: type === 'file' ? 1 : 2,
  };
}

/** The difference between what a file is like and what it should be like. */
export interface AttributePlan {
  readonly differs: boolean;
  /** What the file is like afterwards. */
  readonly state: FileState;
  /** Only the keys that differ, as the `diff` of Ansible's file module has them. */
  readonly before: JsonObject;
  readonly after: JsonObject;
  /** For a step that writes the file anyway. */
  readonly put: { owner?: string; group?: string; mode?: string };
  /** Brings an existing file there; '' when nothing but `put` is to do. */
  readonly script: Script | '';
  /** As `script`, for what `put` cannot do. */
  readonly rest: Script | '';
}

/**
 * Plans the attributes of the file at `at` (absolute) whose state is `from`. Throws ModuleFailure for unknown users and
 * groups and modes that cannot be read, with the messages of Ansible.
 */
export function planAttributes(args: FileArgs, at: string, from: FileState, seen: Observed): AttributePlan {
  const before: Record<string, Json> = {};
  const after: Record<string, Json> = {};
  const put: AttributePlan['put'] = {};
  const scripts: Script[] = [];
  let state: FileState = from;
  const fail = (error: ModuleFailure): never => {
    throw new ModuleFailure(error.message, { ...register(from), ...error.data, path: at });
  };
  if (args.owner !== undefined) {
    const owner = identity('user', args.owner, seen, fail);
    if (!isSame(from.uid, from.owner, owner, args.owner)) {
      before['owner'] = from.uid ?? null;
      after['owner'] = owner ?? args.owner;
      put.owner = args.owner;
      state = { ...state, owner: args.owner, ...(owner === undefined ? {} : { uid: owner }) };
      scripts.push(sh`chown -h ${args.owner} ${at}`);
    }
  }
  if (args.group !== undefined) {
    const group = identity('group', args.group, seen, fail);
    if (!isSame(from.gid, from.group, group, args.group)) {
      before['group'] = from.gid ?? null;
      after['group'] = group ?? args.group;
      put.group = args.group;
      state = { ...state, group: args.group, ...(group === undefined ? {} : { gid: group }) };
      scripts.push(sh`chgrp -h ${args.group} ${at}`);
    }
  }
  if (args.mode !== undefined && from.type !== 'link') {
    const bits = from.mode === undefined ? 0o644 : bitsOf(from.mode);
    const wanted = wantedBits(args.mode, { bits, directory: from.type === 'directory' }, fail);
    if (from.mode === undefined || wanted !== bits) {
      if (from.mode !== undefined) before['mode'] = from.mode;
      after['mode'] = modeText(wanted);
      put.mode = modeText(wanted);
      state = { ...state, mode: modeText(wanted) };
      scripts.push(sh`chmod ${modeText(wanted)} ${at}`);
    }
  }
  const rest: Script[] = [];
  planContext(args, at, seen, { before, after, rest });
  planFlags(args, at, seen, { before, after, rest });
  return {
    differs: Object.keys(after).length > 0,
    state,
    before,
    after,
    put,
    script: chain([...scripts, ...rest]),
    rest: chain(rest),
  };
}

function chain(scripts: readonly Script[]): Script | '' {
  return scripts.join(' && ') as Script | '';
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

type Fail = (error: ModuleFailure) => never;

/** The number of a user or group; undefined when only the forecast knows that it will be there. */
function identity(kind: 'user' | 'group', name: string, seen: Observed, fail: Fail): number | undefined {
  if (isNumber(name)) return Number(name);
  const state = seen.get(`${kind}:${name}`);
  if (state === ABSENT) {
    return fail(new ModuleFailure(`${kind === 'user' ? 'chown' : 'chgrp'} failed: failed to look up ${kind} ${name}`));
  }
  if (state === undefined || state === UNKNOWN || state === null || typeof state !== 'object') return undefined;
  const id = (state as JsonObject)[kind === 'user' ? 'uid' : 'gid'];
  return typeof id === 'number' ? id : undefined;
}

function isSame(
  id: number | undefined,
  name: string | undefined,
  wantedId: number | undefined,
  wanted: string,
): boolean {
  return wantedId === undefined ? name === wanted : id === wantedId;
}

function wantedBits(mode: Json, base: { bits: number; directory: boolean }, fail: Fail): number {
  try {
    return modeBits(mode, base);
  } catch (error) {
    if (error instanceof ModuleFailure) return fail(error);
    throw error;
  }
}

interface Pieces {
  readonly before: Record<string, Json>;
  readonly after: Record<string, Json>;
  readonly rest: Script[];
}

function planContext(args: FileArgs, at: string, seen: Observed, pieces: Pieces): void {
  if (!wantsContext(args)) return;
  const told = seen.get('fact:context');
  // Without SELinux on the host there is no context to set: passed over in silence, as in Ansible.
  if (told === undefined) return;
  const now = splitContext(told);
  const usual = splitContext(seen.get('fact:context-default'));
  const wanted = CONTEXT.map((part, index) => (args[part] === '_default' ? usual[index] : args[part]));
  const words = wanted.flatMap((part, index) =>
    part === undefined || part === now[index] ? [] : [['-u', '-r', '-t', '-l'][index]!, part],
  );
  if (words.length === 0) return;
  pieces.before['secontext'] = now;
  pieces.after['secontext'] = wanted.map((part, index) => part ?? now[index] ?? '');
  pieces.rest.push(sh`chcon -h ${words} ${at}`);
}

/** user:role:type:level, where the level may hold colons. */
function splitContext(context: unknown): string[] {
  if (typeof context !== 'string' || context === '') return [];
  const [user, role, type, ...level] = context.split(':');
  return [user ?? '', role ?? '', type ?? '', level.join(':')];
}

function planFlags(args: FileArgs, at: string, seen: Observed, { before, after, rest }: Pieces): void {
  if (args.attributes === undefined || args.attributes === '') return;
  const match = /^([-+=]?)([A-Za-z]*)$/.exec(args.attributes);
  if (match === null) throw new ModuleFailure(`attributes: '${args.attributes}' is not what chattr takes`);
  const [, operator, flags] = match as unknown as [string, string, string];
  const told = seen.get('fact:attributes');
  const now = typeof told === 'string' ? told.replaceAll('-', '') : '';
  const isSet = (flag: string): boolean => now.includes(flag);
  const fits =
    operator === '+'
      ? [...flags].every(isSet)
      : operator === '-'
        ? ![...flags].some(isSet)
        : [...now].sort().join('') === [...flags].sort().join('');
  if (fits && told !== undefined && told !== '') return;
  before['attributes'] = now;
  after['attributes'] = args.attributes;
  rest.push(
    sh`{ command -v chattr >/dev/null 2>&1 || { echo 'attributes: the host has no chattr' >&2; exit 1; }; chattr ${`${operator || '='}${flags}`} ${at}; }`,
  );
}

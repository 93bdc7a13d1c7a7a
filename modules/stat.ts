// Tells what a path of the host is: everything that Ansible's stat returns.

import { float, type Json, type JsonObject } from '../engine/model/value.ts';
import { defineModule, ModuleFailure, type Observed } from '../engine/module/contract.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { type FileState, glance, LOOK, mustSee, readLook } from './shared/look.ts';
import { pathWord } from './shared/path.ts';

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;

/** Names that lsattr's letters have in results. */
const FLAGS: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compressedsdirty',
};

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Tells what a path of the host is.',
    examples: `- name: Is there a configuration?
  stat:
    path: /etc/app.conf
  register: conf

- name: Only whether it is a folder
  ansible.builtin.stat:
    path: /srv/data
    follow: true
    get_checksum: false
    get_mime: false
    get_attributes: false
  register: data
`,
    returns: { stat: 'A dict: `exists`, and if so mode, owner, size, times, kind, checksum and more.' },
  },
  schema: {
    path: { type: 'path', required: true, aliases: ['dest', 'name'], doc: 'The path.' },
    follow: { type: 'bool', default: false, doc: 'Tell of what a link leads to.' },
    get_checksum: { type: 'bool', default: true, doc: 'Compute the checksum of a regular file.' },
    checksum_algorithm: {
      type: 'str',
      default: 'sha1',
      choices: ALGORITHMS,
      aliases: ['checksum', 'checksum_algo'],
      doc: 'Which checksum.',
    },
    get_mime: {
      type: 'bool',
      default: true,
      aliases: ['mime', 'mime_type', 'mime-type'],
      doc: 'Ask `file` for type and encoding.',
    },
    get_attributes: { type: 'bool', default: true, aliases: ['attr', 'attributes'], doc: 'Ask `lsattr` for flags.' },
  },
  inspect(args) {
    const path = pathWord(args.path);
    const other = args.get_checksum && args.checksum_algorithm !== 'sha1';
    return {
      kind: 'question',
      uses: [LOOK],
      script: lines(
        glance({ key: 'path', path: args.path, follow: args.follow, sha1: args.get_checksum && !other }),
        sh`p=${path}; if [ -e "$p" ] || [ -L "$p" ]; then`,
        sh`case ${args.follow ? 'L' : '-'} in L) f=-L ;; *) f= ;; esac
printf '%s\0' fact blocks "$(stat $f -c '%b %o %t %T' "$p" 2>/dev/null)"
b=; [ -r "$p" ] && b=\${b}r; [ -w "$p" ] && b=\${b}w; [ -x "$p" ] && b=\${b}x; printf '%s\0' fact access "$b"
if [ -L "$p" ]; then printf '%s\0' fact source "$(readlink -f "$p" 2>/dev/null)"; fi`,
        other &&
          sh`if [ -f "$p" ] && [ -r "$p" ]; then s=$(${`${args.checksum_algorithm}sum`} <"$p" 2>/dev/null) || s=$(openssl dgst ${`-${args.checksum_algorithm}`} <"$p" 2>/dev/null | sed 's/.*= *//'); printf '%s\0' fact checksum "\${s%% *}"; fi`,
        args.get_mime && sh`printf '%s\0' fact mime "$(file --mime-type --mime-encoding -b "$p" 2>/dev/null)"`,
        args.get_attributes && sh`printf '%s\0' fact flags "$(lsattr -vd "$p" 2>/dev/null)"`,
        sh`fi`,
      ),
      read: readLook,
    };
  },
  plan(args, seen) {
    const { state, unknown, path } = mustSee(seen, 'path');
    if (state === undefined) return { kind: 'plan', actions: [], data: { stat: { exists: unknown } } };
    if (args.get_checksum && state.type === 'file' && seen.get('fact:checksum') === '') {
      throw new ModuleFailure(
        `Could not hash file '${path}' with algorithm '${args.checksum_algorithm}': the host has no program for it`,
      );
    }
    return { kind: 'plan', actions: [], data: { stat: describe(path, state, args, seen) } };
  },
});

interface Wanted {
  readonly get_checksum: boolean;
  readonly checksum_algorithm: string;
  readonly get_mime: boolean;
  readonly get_attributes: boolean;
}

function describe(path: string, state: FileState, args: Wanted, seen: Observed): JsonObject {
  const bits = state.word === undefined ? wordOf(state) : Number.parseInt(state.word, 16);
  const kind = bits >> 12;
  const has = (mask: number): boolean => (bits & mask) !== 0;
  const access = String(seen.get('fact:access') ?? 'rwx');
  const [blocks, blockSize, major, minor] = String(seen.get('fact:blocks') ?? '').split(' ');
  return {
    exists: true,
    path,
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    isdir: kind === 4,
    ischr: kind === 2,
    isblk: kind === 6,
    isreg: kind === 8,
    isfifo: kind === 1,
    islnk: kind === 10,
    issock: kind === 12,
    uid: state.uid ?? 0,
    gid: state.gid ?? 0,
    size: state.size ?? 0,
    inode: state.inode ?? 0,
    dev: Number(state.device ?? 0),
    nlink: state.links ?? 1,
    atime: time(state.atime),
    mtime: time(state.mtime),
    ctime: time(state.ctime),
    wusr: has(0o200),
    rusr: has(0o400),
    xusr: has(0o100),
    wgrp: has(0o020),
    rgrp: has(0o040),
    xgrp: has(0o010),
    woth: has(0o002),
    roth: has(0o004),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
    ...(blocks ? { blocks: Number(blocks), block_size: 4096, device_type: device(major, minor) } : {}),
    ...(blockSize ? { block_size: Number(blockSize) } : {}),
    readable: access.includes('r'),
    writeable: access.includes('w'),
    executable: access.includes('x'),
    ...(state.owner === undefined || /^\d+$/.test(state.owner) ? {} : { pw_name: state.owner }),
    ...(state.group === undefined || /^\d+$/.test(state.group) ? {} : { gr_name: state.group }),
    ...(kind === 10 ? { lnk_target: state.target ?? '', lnk_source: String(seen.get('fact:source') ?? '') } : {}),
    ...checksum(state, args, seen),
    ...(args.get_mime ? mime(seen) : {}),
    ...(args.get_attributes ? flags(seen) : {}),
  };
}

function wordOf(state: FileState): number {
  const kind = state.type === 'directory' ? 4 : state.type === 'link' ? 10 : 8;
  return (kind << 12) | Number.parseInt(state.mode ?? '0644', 8);
}

function time(seconds: number | undefined): Json {
  return float(seconds ?? 0);
}

/** makedev of stat's hexadecimal major and minor numbers. */
function device(major: string | undefined, minor: string | undefined): number {
  const [high, low] = [Number.parseInt(major || '0', 16), Number.parseInt(minor || '0', 16)];
  return ((high & 0xfff) << 8) | (low & 0xff) | ((low & ~0xff) << 12);
}

function checksum(state: FileState, args: Wanted, seen: Observed): JsonObject {
  if (!args.get_checksum || state.type !== 'file') return {};
  const sum = args.checksum_algorithm === 'sha1' ? state.sha1 : seen.get('fact:checksum');
  return typeof sum === 'string' ? { checksum: sum } : {};
}

function mime(seen: Observed): JsonObject {
  const [type, charset] = String(seen.get('fact:mime') ?? '').split('; charset=');
  return { mimetype: type || 'unknown', charset: charset || 'unknown' };
}

function flags(seen: Observed): JsonObject {
  const match = /^\s*(\d+)\s+(\S+)/.exec(String(seen.get('fact:flags') ?? ''));
  const letters = (match?.[2] ?? '').replaceAll('-', '');
  return {
    attr_flags: letters,
    attributes: [...letters].flatMap((letter) => FLAGS[letter] ?? []),
    version: match?.[1] ?? null,
  };
}

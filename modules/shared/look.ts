// Looking at files of the host: one shell function that prints a path's state in a form that does not depend on whose
// `stat` it is, nor on what the file is called; and the reading of its answer as resources.

import type { State } from '../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type ExecResult,
  type Library,
  ModuleFailure,
  type Observed,
  type Question,
  type Resource,
  UNKNOWN,
} from '../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../engine/module/sh.ts';
import { sourceOf } from '../../engine/module/source.ts';
import { decode, Fields, outputText } from './bytes.ts';
import { modeText } from './mode.ts';
import { normalize, pathWord } from './path.ts';

/** The state of a `file:` resource. Keys may be missing where a forecast knows only a part. */
export interface FileState {
  readonly type?: 'file' | 'directory' | 'link' | 'other';
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly links?: number;
  readonly inode?: number;
  readonly device?: string;
  /** Seconds since the epoch, with fractions where the host tells them. */
  readonly atime?: number;
  readonly mtime?: number;
  readonly ctime?: number;
  readonly sha1?: string;
  readonly content?: string;
  readonly target?: string;
  /** The st_mode word, hex. */
  readonly word?: string;
}

/**
 * `look KEY PATH WANT LIMIT` prints a record of fields that end in NUL: key, path, folder it is relative to, state, link target,
 * sha1, length of the content and the content. WANT: `s` sha1 of a regular file, `c` content of a regular file of at
 * most LIMIT bytes, `l` a second record `KEY>` for what a link leads to, `L` the state behind a link instead of the link's.
 */
export const LOOK: Library = {
  name: 'look',
  text: sh`look_sum() {
  if command -v sha1sum >/dev/null 2>&1; then _s=$(sha1sum <"$1" 2>/dev/null); _s=\${_s%% *}
  elif command -v openssl >/dev/null 2>&1; then _s=$(openssl dgst -sha1 <"$1" 2>/dev/null); _s=\${_s##* }
  elif command -v shasum >/dev/null 2>&1; then _s=$(shasum <"$1" 2>/dev/null); _s=\${_s%% *}
  elif command -v sha1 >/dev/null 2>&1; then _s=$(sha1 -q <"$1" 2>/dev/null)
  else _s=$(cksum -a sha1 --untagged <"$1" 2>/dev/null); _s=\${_s%% *}; [ -n "$_s" ] || _s=?
  fi
}
look_stat() {
  if _s=$(stat $2 -c '%f %u %g %s %h %i %d %.9X %.9Y %.9Z|%U|%G' "$1" 2>/dev/null) && [ -n "$_s" ]; then :
  elif _s=$(ls -ldn $2 "$1" 2>/dev/null) && [ -n "$_s" ]; then
    _n=$(ls -ld $2 "$1" 2>/dev/null)
    _s="ls $(printf '%s\n' "$_s" | sed -n '1{s/  */ /g;p;}')|$(printf '%s\n' "$_n" | sed -n '1{s/  */ /g;p;}')"
  else _s=!
  fi
}
look() {
  _t= _d= _c=- _w=
  case $2 in /*) ;; *) _w=$PWD ;; esac
  case $3 in *L*) _f=-L ;; *) _f= ;; esac
  if [ -e "$2" ] || { [ -L "$2" ] && [ -z "$_f" ]; }; then
    look_stat "$2" $_f; _a=$_s
    if [ -L "$2" ]; then _t=$(readlink "$2"; echo .); _t=\${_t%?}; _t=\${_t%?}; fi
    if [ -f "$2" ] && { [ -n "$_f" ] || ! [ -L "$2" ]; }; then
      case $3 in *s*) if [ -r "$2" ]; then look_sum "$2"; _d=$_s; else _d=-; fi ;; esac
      case $3$_d in *c*|*'?') if [ -r "$2" ]; then _c=$(($(wc -c <"$2"))); [ "$_c" -le "$4" ] || [ "$_d" = '?' ] || _c=-; fi ;; esac
    fi
  else _a=; fi
  printf '%s\0' "$1" "$2" "$_w" "$_a" "$_t" "$_d" "$_c"
  if [ "$_c" != - ]; then head -c "$_c" <"$2"; fi
  case $3 in *l*) if [ -L "$2" ] && _t=$(readlink -f "$2" 2>/dev/null; echo .); then
    _t=\${_t%?}; _t=\${_t%?}; if [ -n "$_t" ]; then look "$1>" "$_t" "\${3%%l*}\${3#*l}" "$4"; fi
  fi ;; esac
}
look_above() {
  _p=$2; while case $_p in */) [ "$_p" != / ] ;; *) false ;; esac; do _p=\${_p%/}; done
  case $_p in */*) _p=\${_p%/*}; [ -n "$_p" ] || _p=/ ;; *) _p=. ;; esac
  look "$1" "$_p" "$3" "$4"
}
look_ancestors() {
  _o=$2; _n=0
  while _n=$((_n+1)); look_above "$1$_n" "$_o" '' 0; ! [ -e "$_p" ] && [ "$_p" != / ] && [ "$_p" != . ]; do _o=$_p; done
}
look_user() {
  _u=$(id -u "$1" 2>/dev/null) || _u=
  printf '%s\0' user "$1" "$_u"
}
look_group() {
  _u=
  if command -v getent >/dev/null 2>&1; then _u=$(getent group "$1" 2>/dev/null | cut -d: -f3)
  else while IFS=: read -r _n _o _p _q; do if [ "$_n" = "$1" ]; then _u=$_p; fi; done </etc/group; fi
  printf '%s\0' group "$1" "$_u"
}`,
};

/** What to look at: a path as the user wrote it, under a name by which the plan asks for it. */
export interface Glance {
  readonly key: string;
  readonly path: string;
  readonly sha1?: boolean;
  /** Content of a regular file of at most so many bytes. */
  readonly content?: number;
  /** Also look at what a link leads to, under `KEY>`. */
  readonly behind?: boolean;
  /** The state behind a link instead of the link's. */
  readonly follow?: boolean;
}

/** The line of a script that looks at a path. */
export function glance(what: Glance): Script {
  return sh`look ${what.key} ${pathWord(what.path)} ${wanted(what)} ${what.content ?? 0}`;
}

/** As `glance`, at a path that the script itself has made (a shell word such as `"$f"`). */
export function glanceAt(word: string, what: Omit<Glance, 'path'>): Script {
  return sh`look ${what.key} ${raw(word)} ${wanted(what)} ${what.content ?? 0}`;
}

function wanted(what: Omit<Glance, 'path'>): string {
  return `${what.sha1 ? 's' : ''}${what.content === undefined ? '' : 'c'}${what.behind ? 'l' : ''}${what.follow ? 'L' : ''}-`;
}

/** A question that runs a script of glances and reads its answer. */
export function lookQuestion(...script: readonly (Script | false | undefined | '')[]): Question {
  return { kind: 'question', script: lines(...script), uses: [LOOK], read: readLook };
}

/** Reads the records of `look`, `look_user` and `look_group`, facts and lists. Throws ModuleFailure when they are cut short. */
export function readLook(answer: ExecResult): Observed {
  const seen = new Map<Resource, State>();
  const fields = new Fields(answer.stdout);
  while (!fields.done) readRecord(fields, seen, answer);
  return seen;
}

function readRecord(fields: Fields, seen: Map<Resource, State>, answer: ExecResult): void {
  const [key, name] = [need(fields.text(), answer), need(fields.text(), answer)];
  if (key === 'user' || key === 'group') {
    const id = need(fields.text(), answer);
    seen.set(`${key}:${name}`, id === '' ? ABSENT : key === 'user' ? { uid: Number(id) } : { gid: Number(id) });
    return;
  }
  if (key === 'fact') {
    seen.set(`fact:${name}`, need(fields.text(), answer));
    return;
  }
  if (key === 'list') {
    const names: string[] = [];
    for (let item = need(fields.text(), answer); item !== ''; item = need(fields.text(), answer)) names.push(item);
    seen.set(`list:${name}`, names);
    return;
  }
  const folder = need(fields.text(), answer);
  const [state, target] = [need(fields.text(), answer), need(fields.text(), answer)];
  const [sha1, length] = [need(fields.text(), answer), need(fields.text(), answer)];
  const content = length === '-' ? undefined : need(fields.bytes(Number(length)), answer);
  seen.set(`path:${key}`, name);
  const path = normalize(name.startsWith('/') ? name : `${folder}/${name}`);
  seen.set(`at:${key}`, path);
  if (seen.has(`file:${path}`) && content === undefined && sha1 === '') return;
  if (state === '!') throw new ModuleFailure(`The state of '${name}' cannot be read on the host.`);
  seen.set(`file:${path}`, state === '' ? ABSENT : fileState(state, { target, sha1, content }));
}

function need<T>(field: T | undefined, answer: ExecResult): T {
  if (field !== undefined) return field;
  const said = outputText(answer.stderr).trim();
  throw new ModuleFailure(
    `The host's answer about its files is cut short${said === '' ? '' : `: ${said}`}. A file may have changed while it was read.`,
    { rc: answer.rc },
  );
}

interface Extras {
  readonly target: string;
  readonly sha1: string;
  readonly content: Uint8Array | undefined;
}

function fileState(text: string, { target, sha1, content }: Extras): JsonObject {
  const [numbers, owner, group] = text.startsWith('ls ') ? fromListing(text) : (text.split('|') as string[]);
  const [word, uid, gid, size, links, inode, device, ...times] = numbers!.split(' ');
  const bits = Number.parseInt(word!, 16);
  const kind = bits >> 12;
  const type = kind === 8 ? 'file' : kind === 4 ? 'directory' : kind === 10 ? 'link' : 'other';
  const [atime, mtime, ctime] = times.map(Number);
  const digest = sha1 === '?' && content !== undefined ? sourceOf(content).sha1 : sha1;
  return {
    type,
    mode: modeText(bits),
    owner: known(owner, uid!),
    group: known(group, gid!),
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    links: Number(links),
    word: word!,
    ...(inode === undefined ? {} : { inode: Number(inode) }),
    ...(device === undefined ? {} : { device }),
    ...(mtime === undefined ? {} : { atime: atime!, mtime, ctime: ctime! }),
    ...(digest === '' || digest === '-' ? {} : { sha1: digest }),
    ...(content === undefined ? {} : { content: decode(content) }),
    ...(type === 'link' || target !== '' ? { target } : {}),
  };
}

function known(name: string | undefined, id: string): string {
  return name === undefined || name === '' || name === 'UNKNOWN' ? id : name;
}

const KINDS: Readonly<Record<string, number>> = { '-': 8, d: 4, l: 10, b: 6, c: 2, p: 1, s: 12 };

/** `ls -ldn` and `ls -ld` in the form that `stat` gives; for hosts without one. */
function fromListing(text: string): string[] {
  const [numeric, named] = text.slice(3).split('|');
  const [letters, links, uid, gid, size] = numeric!.split(' ');
  const [, , owner, group] = (named ?? '').split(' ');
  let bits = 0;
  for (const [index, letter] of [...letters!.slice(1, 10)].entries()) {
    if ('rwxst'.includes(letter)) bits |= 1 << (8 - index);
    if ('sStT'.includes(letter)) bits |= [0o4000, 0o2000, 0o1000][Math.floor(index / 3)]!;
  }
  const word = (((KINDS[letters![0]!] ?? 0) << 12) | bits).toString(16);
  return [`${word} ${uid} ${gid} ${size} ${links}`, owner ?? '', group ?? ''];
}

/** What was seen (or is foretold) at a path that was looked at. */
export interface Seen {
  /** As the host expanded it: for results and messages. */
  readonly path: string;
  /** Absolute: for resources and steps. */
  readonly at: string;
  readonly state: FileState | undefined;
  /** Nobody can know (UNKNOWN): plan as if it were there in the wanted kind. */
  readonly unknown: boolean;
}

/** What is at the path of a glance; undefined when no such glance was taken. */
export function seenAt(seen: Observed, key: string): Seen | undefined {
  const path = seen.get(`path:${key}`);
  const at = seen.get(`at:${key}`);
  if (typeof path !== 'string' || typeof at !== 'string') return undefined;
  return { path, at, ...stateOf(seen, at) };
}

/** As `seenAt`, for a glance that the question always takes. */
export function mustSee(seen: Observed, key: string): Seen {
  const found = seenAt(seen, key);
  if (found === undefined) throw new ModuleFailure(`The host's answer says nothing of '${key}'.`);
  return found;
}

/** What is known of an absolute path. */
export function stateOf(seen: Observed, path: string): { state: FileState | undefined; unknown: boolean } {
  const state = seen.get(`file:${normalize(path)}`);
  if (state === UNKNOWN) return { state: undefined, unknown: true };
  if (state === undefined || state === ABSENT) return { state: undefined, unknown: false };
  return { state: state as FileState, unknown: false };
}

/** The resource of an absolute path. */
export function fileAt(path: string): Resource {
  return `file:${normalize(path)}`;
}

/** A state as a change carries it. */
export function asJson(state: FileState): Json {
  return state as JsonObject;
}

/** What results say of a file's kind. */
export function stateName(state: FileState | undefined): string {
  if (state === undefined) return 'absent';
  if (state.type === 'link') return 'link';
  if (state.type === 'directory') return 'directory';
  return (state.links ?? 1) > 1 ? 'hard' : 'file';
}

/** The keys that results of file modules share. */
export function register(state: FileState | undefined): JsonObject {
  if (state?.type === undefined || state.mode === undefined) return {};
  const { uid, gid, owner, group, mode, size } = state;
  return {
    ...(uid === undefined ? {} : { uid, owner: owner ?? String(uid) }),
    ...(gid === undefined ? {} : { gid, group: group ?? String(gid) }),
    mode,
    state: stateName(state),
    ...(size === undefined ? {} : { size }),
  };
}

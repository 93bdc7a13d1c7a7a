// What git asks: the working copy as it is, and what the remote has under the wanted name, in one read-only script.

import type { State } from '../../../engine/model/resource.ts';
import {
  ABSENT,
  type ExecResult,
  type Observed,
  type Question,
  type Resource,
  UNKNOWN,
} from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { outputText } from '../bytes.ts';
import { type GitArgs, preamble } from './args.ts';
import { verifyScript } from './verify.ts';

/** The working copy as the host tells of it. */
export interface Copy {
  readonly dest: string;
  readonly exists: boolean;
  /** Something other than a repository is in its place. */
  readonly occupied: boolean;
  readonly head: string | undefined;
  readonly url: string;
  /** The address of the repository as git is given it. */
  readonly repo: string;
  readonly modified: boolean;
  readonly submodulesDiffer: boolean;
  readonly archiveDiffers: boolean;
  readonly separateDir: string;
}

/** What the remote has. */
export interface Remote {
  readonly rc: number;
  readonly error: string;
  readonly defaultBranch: string | undefined;
  readonly head: string | undefined;
  readonly branch: string | undefined;
  /** The commit of a tag, also of an annotated one. */
  readonly tag: string | undefined;
}

export function askGit(args: GitArgs): Question {
  const { version: v } = args;
  const tell = (key: string, value: string): Script => `printf '%s\\0' ${key} "${value}"` as Script;
  const remoteRefs = ['HEAD', `refs/heads/${v}`, `refs/tags/${v}`, `refs/tags/${v}^{}`];
  const script = lines(
    preamble(args),
    tell('dest', '$dest'),
    sh`if ! g --version >/dev/null 2>&1; then printf '%s\0' git ''; exit 0; fi`,
    tell('git', '1'),
    tell('repo', '$repo'),
    args.bare
      ? sh`if [ -f "$dest/HEAD" ] && [ -d "$dest/objects" ]; then here=1; else here=; fi`
      : sh`if [ -e "$dest/.git" ]; then here=1; else here=; fi`,
    tell('exists', '$here'),
    sh`if [ -n "$here" ]; then`,
    tell('head', '$(w rev-parse HEAD 2>/dev/null)'),
    sh`printf '%s\0' url "$(w config --get ${`remote.${args.remote}.url`} 2>/dev/null)"`,
    tell('separate', '$(w rev-parse --git-dir 2>/dev/null)'),
    !args.bare &&
      tell('modified', '$(w status --porcelain --untracked-files=no --ignore-submodules 2>/dev/null | head -n 1)'),
    !args.bare &&
      args.recursive &&
      sh`if [ -f "$dest/.gitmodules" ]; then printf '%s\0' submodules "$(w submodule status --recursive 2>/dev/null | grep '^[-+U]' | head -n 1)"; fi`,
    args.archive !== undefined &&
      sh`if [ -f ${args.archive} ] && w archive ${archiveOptions(args)} HEAD 2>/dev/null | cmp -s - ${args.archive}; then :; else printf '%s\0' archive 1; fi`,
    sh`else printf '%s\0' occupied "$(ls -A "$dest" 2>/dev/null | head -n 1)"; fi`,
    args.verify_commit &&
      sh`if [ -n "$here" ]; then said=$( (
${raw(verifyScript(args))}
) 2>&1 ) || printf '%s\0' unverified "$said"; fi`,
    sh`if [ -z "$here" ] || [ ${args.update ? 1 : ''} ]; then
refs=$(g ls-remote --symref "$repo" ${remoteRefs} 2>&1); printf '%s\0' rc $? refs "$refs"; fi`,
  );
  return { kind: 'question', script, read: (answer) => read(answer, args) };
}

/** Format and prefix of `git archive`. */
export function archiveOptions(args: GitArgs): string[] {
  const format = /\.(zip|tar\.gz|tgz|tar)$/.exec(args.archive ?? '')?.[1] ?? 'tar';
  return [`--format=${format}`, ...(args.archive_prefix === undefined ? [] : [`--prefix=${args.archive_prefix}/`])];
}

function read(answer: ExecResult, args: GitArgs): Observed {
  const words = outputText(answer.stdout).split('\0');
  const told = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) told.set(words[at]!, words[at + 1]!);
  const dest = told.get('dest') ?? args.dest;
  const seen = new Map<Resource, State>([['path:dest', dest]]);
  const program = told.get('git') === '1';
  seen.set('command:git', program ? { path: args.executable ?? 'git' } : ABSENT);
  const copy = {
    head: told.get('head') || null,
    url: told.get('url') ?? '',
    modified: (told.get('modified') ?? '') !== '',
    submodulesDiffer: (told.get('submodules') ?? '') !== '',
    archiveDiffers: told.has('archive'),
    separateDir: told.get('separate') ?? '',
  };
  seen.set(`repository:${dest}`, told.get('exists') === '1' ? copy : ABSENT);
  if (told.has('unverified')) seen.set('fact:unverified', told.get('unverified')!);
  seen.set('fact:occupied', (told.get('occupied') ?? '') !== '');
  seen.set('fact:repo', told.get('repo') ?? args.repo);
  // Without git nobody could ask the remote; it may come by then.
  if (!program) seen.set('fact:remote', UNKNOWN);
  else if (told.has('rc')) seen.set('fact:remote', { rc: Number(told.get('rc')), refs: told.get('refs') ?? '' });
  return seen;
}

/** The working copy; undefined head and no repository where nobody can know. */
export function copyOf(seen: Observed): Copy {
  const dest = String(seen.get('path:dest'));
  const state = seen.get(`repository:${dest}`);
  const there =
    state !== undefined && state !== ABSENT && state !== UNKNOWN && state !== null && typeof state === 'object';
  const told = (there ? state : {}) as Partial<Record<keyof Copy, unknown>>;
  return {
    dest,
    exists: there,
    occupied: seen.get('fact:occupied') === true,
    repo: String(seen.get('fact:repo') ?? ''),
    head: typeof told.head === 'string' ? told.head : undefined,
    url: typeof told.url === 'string' ? told.url : '',
    modified: told.modified === true,
    submodulesDiffer: told.submodulesDiffer === true,
    archiveDiffers: told.archiveDiffers === true,
    separateDir: typeof told.separateDir === 'string' ? told.separateDir : '',
  };
}

/** What `ls-remote` said; undefined when it was not asked. */
export function remoteOf(seen: Observed, version: string): Remote | undefined {
  const state = seen.get('fact:remote');
  if (state === undefined || state === UNKNOWN) return undefined;
  const told = state as { rc: number; refs: string };
  const refs = new Map<string, string>();
  let defaultBranch: string | undefined;
  for (const line of told.refs.split('\n')) {
    const [what, name] = line.split('\t');
    if (what === undefined || name === undefined) continue;
    if (what.startsWith('ref: refs/heads/') && name === 'HEAD') defaultBranch = what.slice('ref: refs/heads/'.length);
    else if (/^[0-9a-f]{40,64}$/.test(what)) refs.set(name, what);
  }
  return {
    rc: told.rc,
    error: told.rc === 0 ? '' : told.refs,
    defaultBranch,
    head: refs.get('HEAD'),
    branch: refs.get(`refs/heads/${version}`),
    tag: refs.get(`refs/tags/${version}^{}`) ?? refs.get(`refs/tags/${version}`),
  };
}

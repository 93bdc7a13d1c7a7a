// Putting one source in one place: what copy and template (and what fetches from elsewhere) do with a file that may be
// meant for a folder, may be a link, may be there already.

import type { JsonObject } from '../../engine/model/value.ts';
import {
  type Action,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Site,
  type Source,
} from '../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../engine/module/sh.ts';
import { askAttributes, type FileArgs, WHOAMI } from './attributes.ts';
import { checkValidate, contentDiff, planAttributesOnly, planWriting, SHOWN } from './content.ts';
import { askAncestors, makeFolders, missingFolders, parentOf } from './folders.ts';
import { type FileState, glanceAt, LOOK, mustSee, readLook, register, type Seen, seenAt, stateOf } from './look.ts';
import { basename, join, pathWord } from './path.ts';

export interface Placing {
  readonly dest: string;
  /** The name that the source gets in a folder; undefined for content without a name. */
  readonly name: string | undefined;
  readonly args: FileArgs & {
    readonly unsafe_writes: boolean;
    readonly backup: boolean;
    readonly force: boolean;
    readonly follow: boolean;
    readonly validate: string | undefined;
  };
  /** Mode of folders that have to be made for it. */
  readonly directoryMode?: FileArgs['mode'];
}

/** Asks for everything that decides about the place, in one script. */
export function askPlace(placing: Placing, site: Site): Question {
  return { kind: 'question', script: placeScript(placing, site.diff), uses: [LOOK], read: readLook };
}

/** The script of `askPlace`; it leaves the path that the file will have in `$f`. */
export function placeScript({ dest, name, args }: Placing, withContent: boolean): Script {
  const what = { sha1: true, behind: true, ...(withContent ? { content: SHOWN } : {}) };
  const within = name === undefined ? '' : sh`look_in=$f/${name}`;
  return lines(
    sh`f=${pathWord(dest)}`,
    glanceAt('"$f"', { key: 'dest', ...what }),
    name !== undefined && lines(within as Script, glanceAt('"$look_in"', { key: 'within', ...what })),
    name !== undefined && sh`case $f in */) f=$look_in ;; *) ! [ -d "$f" ] || f=$look_in ;; esac`,
    sh`if ! [ -f "$f" ] || [ -L "$f" ]; then ${raw(WHOAMI)}
${raw(askAncestors('up', '"$f"'))}; fi`,
    askAttributes(args, raw('"$f"')),
  );
}

/** Where the file goes, as far as it is decided. */
export interface Place {
  readonly path: string;
  readonly at: string;
  readonly state: FileState | undefined;
  readonly unknown: boolean;
  /** As it was named, before a link there was followed, and the content that was found by that name. */
  readonly named: string;
  readonly found: FileState | undefined;
  /** Folders to be made first, outermost first. */
  readonly missing: readonly string[];
  readonly ground: FileState | undefined;
}

/** Decides on the place. Throws ModuleFailure where nothing can be put, with Ansible's words. */
export function decidePlace({ dest, name, args }: Placing, seen: Observed): Place {
  const given = mustSee(seen, 'dest');
  const meansFolder = dest.endsWith('/') || isFolder(given, seenAt(seen, 'dest>'));
  if (!meansFolder) return place(followed(given, 'dest', args.follow, seen), seen, false);
  if (name === undefined) throw new ModuleFailure('can not use content with a dir as dest');
  const path = join(given.path, name);
  const at = join(given.at, name);
  const within: Seen = { path, at, ...stateOf(seen, at) };
  return place(followed(within, 'within', args.follow, seen), seen, true);
}

function isFolder(given: Seen, behind: Seen | undefined): boolean {
  return given.state?.type === 'directory' || (given.state?.type === 'link' && behind?.state?.type === 'directory');
}

type Followed = Seen & Pick<Place, 'named' | 'found'>;

/** The file itself, or what a link there leads to; a link that leads nowhere is replaced. */
function followed(file: Seen, key: string, follow: boolean, seen: Observed): Followed {
  const behind = file.state?.type === 'link' ? seenAt(seen, `${key}>`) : undefined;
  const leads = behind?.state !== undefined || behind?.unknown === true;
  return { ...(follow && leads ? behind! : file), named: file.path, found: leads ? behind!.state : file.state };
}

function place(file: Followed, seen: Observed, makesFolders: boolean): Place {
  if (file.state?.type === 'directory')
    throw new ModuleFailure(`cannot write a file to ${file.path}: it is a directory`);
  if (file.state !== undefined) return { ...file, missing: [], ground: parentOf(seen, file.at).state };
  const { missing, ground } = missingFolders(seen, 'up');
  if (ground !== undefined && ground.type !== undefined && ground.type !== 'directory' && ground.type !== 'link') {
    throw new ModuleFailure(`Destination directory ${folderOf(file.path)} is not a directory`);
  }
  if (missing.length > 0 && !makesFolders) {
    throw new ModuleFailure(`Destination directory ${folderOf(file.path)} does not exist`);
  }
  return { ...file, missing, ground };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The plan that brings the source to its place. `header` heads its side of the difference: the controller's file. */
export function planPlace(
  placing: Placing,
  source: Source,
  seen: Observed,
  site: Site,
  names: { readonly header?: string | undefined; readonly data?: JsonObject },
): Plan {
  checkValidate(placing.args.validate);
  const target = decidePlace(placing, seen);
  const { args } = placing;
  const origin = uploadedName(site, target.path);
  if (!args.force && target.state !== undefined) {
    return { kind: 'plan', actions: [], data: { dest: target.path, src: names.header ?? origin } };
  }
  if (target.state?.type === 'file' && target.state.sha1 === source.sha1) {
    const data = { ...names.data, checksum: source.sha1, dest: target.path, path: target.path };
    return planAttributesOnly(args, { ...target, state: target.state }, seen, data);
  }
  const folders = makeFolders(target.missing, modeOnly(placing.directoryMode), seen, target.ground);
  const written = planWriting({
    at: target.at,
    before: target.state,
    parent: target.missing.length > 0 ? undefined : target.ground,
    bytes: source,
    args,
    seen,
    backup: args.backup,
    validate: args.validate,
    guarded: !target.unknown,
  });
  const actions: Action[] = [...(folders === undefined ? [] : [folders]), ...written.actions];
  return {
    kind: 'plan',
    actions,
    ...(site.diff ? { diffs: [contentDiff(target.named, target.found, source, names.header ?? target.named)] } : {}),
    ...(names.data === undefined ? {} : { data: names.data }),
    conclude: () => ({
      dest: target.path,
      src: origin,
      checksum: source.sha1,
      md5sum: source.md5,
      ...register({ ...written.state, links: 1 }),
    }),
  };
}

function modeOnly(mode: FileArgs['mode']): FileArgs {
  return mode === undefined ? {} : { mode };
}

/** What results call `src`: Ansible names the uploaded file, which is gone when the task ends. */
export function uploadedName(site: Site, dest: string): string {
  const extension = /(?<=.)\.[^./]+$/.exec(basename(dest))?.[0] ?? '';
  return `${site.remoteTmp}/ansible-tmp-${site.token}/.source${extension}`;
}

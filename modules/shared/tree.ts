// A whole folder of the controller put on the host: every path beneath is looked at in one script, and only what differs
// is written.

import type { Json, JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type Action,
  type LocalEntry,
  type LocalFolder,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Source,
} from '../../engine/module/contract.ts';
import { lines, raw, sh } from '../../engine/module/sh.ts';
import { askAttributes, type FileArgs, planAttributes, WHOAMI } from './attributes.ts';
import { attributesAction, planWriting } from './content.ts';
import { askAncestors, makeFolders, missingFolders } from './folders.ts';
import { asJson, fileAt, glanceAt, LOOK, mustSee, readLook, stateOf } from './look.ts';
import { basename, join, pathWord } from './path.ts';

export interface Tree {
  readonly src: LocalFolder;
  readonly dest: string;
  readonly mode?: Json | undefined;
  readonly directory_mode?: Json | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly force: boolean;
  readonly backup: boolean;
  readonly follow: boolean;
  readonly local_follow: boolean;
  readonly unsafe_writes: boolean;
  readonly validate?: string | undefined;
}

/** What is put beneath the destination: relative paths, parents first. */
type Entry =
  /** `top`: made when missing, otherwise left as it is. */
  | { readonly path: string; readonly kind: 'folder'; readonly top?: true }
  | { readonly path: string; readonly kind: 'file'; readonly mode: string; readonly source: Source }
  | { readonly path: string; readonly kind: 'link'; readonly target: string };

function entriesOf({ src, local_follow: follow }: Tree): Entry[] {
  const prefix = src.path.endsWith('/') ? '' : `${basename(src.path)}/`;
  const top: Entry[] = prefix === '' ? [] : [{ path: prefix.slice(0, -1), kind: 'folder', top: true }];
  return [...top, ...src.entries.flatMap((entry) => entriesFor(entry, prefix, follow, src.path))];
}

function entriesFor(entry: LocalEntry, prefix: string, follow: boolean, root: string): Entry[] {
  const path = `${prefix}${entry.path}`;
  if (entry.type === 'directory') return [{ path, kind: 'folder' }];
  if (entry.type === 'file') return [{ path, kind: 'file', mode: entry.mode, source: entry.source }];
  if (!follow) return [{ path, kind: 'link', target: entry.target }];
  if (entry.source !== undefined) return [{ path, kind: 'file', mode: entry.mode ?? '0644', source: entry.source }];
  if (entry.entries !== undefined) {
    return [{ path, kind: 'folder' }, ...entry.entries.flatMap((each) => entriesFor(each, prefix, follow, root))];
  }
  throw new ModuleFailure(
    `the link ${join(root, entry.path)} leads to nothing that could be copied (local_follow: false copies the link)`,
  );
}

export function askTree(tree: Tree): Question {
  return {
    kind: 'question',
    script: lines(
      sh`f=${pathWord(tree.dest)}; while case $f in */) [ "$f" != / ] ;; *) false ;; esac; do f=\${f%/}; done`,
      glanceAt('"$f"', { key: 'dest', follow: true }),
      WHOAMI,
      askAncestors('up', '"$f/."'),
      ...entriesOf(tree).map((entry, index) =>
        glanceAt(sh`"$f"/${entry.path}`, {
          key: `e${index}`,
          ...(entry.kind === 'file' ? { sha1: true, behind: tree.follow } : {}),
        }),
      ),
      askAttributes(tree, raw('"$f"')),
    ),
    uses: [LOOK],
    read: readLook,
  };
}

export function planTree(tree: Tree, seen: Observed): Plan {
  const root = mustSee(seen, 'dest');
  if (root.state?.type === 'file')
    throw new ModuleFailure(`can not copy the folder ${tree.src.path} over the file ${root.path}`);
  const owners: FileArgs = { owner: tree.owner, group: tree.group };
  const folderArgs: FileArgs = { ...owners, mode: tree.directory_mode };
  const actions: Action[] = [];
  const { missing, ground } = missingFolders(seen, 'up');
  const made = makeFolders(
    missing.filter((folder) => folder !== root.at || root.state === undefined),
    folderArgs,
    seen,
    ground,
  );
  if (made !== undefined) actions.push(made);
  for (const entry of entriesOf(tree)) {
    const at = join(root.at, entry.path);
    if (entry.kind === 'folder') actions.push(...folderActions(at, folderArgs, seen, entry.top));
    else if (entry.kind === 'link') actions.push(...linkActions(at, entry.target, tree.force, seen));
    else actions.push(...fileActions(at, entry, tree, { ...tree, ...owners }, seen));
  }
  const data: JsonObject = { dest: join(root.path, ''), src: tree.src.path };
  return { kind: 'plan', actions, data };
}

function folderActions(at: string, args: FileArgs, seen: Observed, top = false): Action[] {
  const { state } = stateOf(seen, at);
  if (state === undefined) {
    const made = makeFolders([at], args, seen, undefined);
    return made === undefined ? [] : [made];
  }
  if (state.type !== 'directory' && state.type !== 'link' && state.type !== undefined) {
    throw new ModuleFailure(`${at} is there and is no folder`);
  }
  if (top) return [];
  const attributes = planAttributes(args, at, state, seen);
  return attributes.differs ? [attributesAction(attributes, at, state)] : [];
}

function linkActions(at: string, target: string, force: boolean, seen: Observed): Action[] {
  const { state } = stateOf(seen, at);
  if (state?.type === 'link' && state.target === target) return [];
  if (state !== undefined && !force) return [];
  const after = { type: 'link' as const, target, mode: '0777' };
  return [
    {
      changes: [{ of: fileAt(at), before: state === undefined ? ABSENT : asJson(state), after: asJson(after) }],
      step: { run: sh`ln -sfn ${target} ${at}`, failure: `could not make the link ${at}` },
    },
  ];
}

function fileActions(
  at: string,
  entry: Extract<Entry, { kind: 'file' }>,
  tree: Tree,
  args: FileArgs & { readonly unsafe_writes: boolean },
  seen: Observed,
): Action[] {
  const { state, unknown } = stateOf(seen, at);
  const wanted = { ...args, mode: tree.mode === 'preserve' ? entry.mode : tree.mode };
  if (state !== undefined && !tree.force) return [];
  if (state?.type === 'directory') throw new ModuleFailure(`${at} is there and is a folder`);
  if (state?.type === 'file' && state.sha1 === entry.source.sha1) {
    const attributes = planAttributes(wanted, at, state, seen);
    return attributes.differs ? [attributesAction(attributes, at, state)] : [];
  }
  const written = planWriting({
    at,
    before: state,
    parent: undefined,
    bytes: entry.source,
    args: wanted,
    seen,
    backup: tree.backup,
    validate: tree.validate,
    guarded: !unknown,
  });
  return [...written.actions];
}

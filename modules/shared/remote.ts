// copy with remote_src: a file or folder of the host put elsewhere on the same host. The host compares and copies; its
// bytes never travel.

import type { Json, JsonObject } from '../../engine/model/value.ts';
import {
  ABSENT,
  type Action,
  ModuleFailure,
  type Observed,
  type Plan,
  type Question,
  type Site,
  type StepResult,
} from '../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../engine/module/sh.ts';
import { askAttributes, type FileArgs, newState, planAttributes, WHOAMI } from './attributes.ts';
import { outputText } from './bytes.ts';
import { attributesAction, checkValidate } from './content.ts';
import { askAncestors, makeFolders, missingFolders } from './folders.ts';
import {
  asJson,
  type FileState,
  fileAt,
  glance,
  glanceAt,
  LOOK,
  mustSee,
  readLook,
  register,
  type Seen,
  seenAt,
  stateOf,
} from './look.ts';
import { basename, join, pathWord } from './path.ts';

export interface Remote extends FileArgs {
  readonly src: string;
  readonly dest: string;
  readonly directory_mode?: Json | undefined;
  readonly force: boolean;
  readonly backup: boolean;
  readonly follow: boolean;
  readonly checksum?: string | undefined;
  readonly validate?: string | undefined;
}

/** Prints a letter when the second folder lacks something of the first or has it otherwise, or (third word) another owner's. */
const COMPARE = sh`differs() {
  (cd "$1" && find . -type d -exec sh -c 'r=$1; shift; for p; do [ -d "$r/$p" ] || { echo d; exit; }; done' sh "$2" {} +
  find . -type f -exec sh -c 'r=$1; shift; for p; do cmp -s "$p" "$r/$p" || { echo f; exit; }; done' sh "$2" {} +
  find . -type l -exec sh -c 'r=$1; shift; for p; do [ -e "$r/$p" ] || [ -L "$r/$p" ] || { echo l; exit; }; done' sh "$2" {} +
  [ -z "$3" ] || find "$2" ! -user "$3" 2>/dev/null
  [ -z "$4" ] || find "$2" ! -group "$4" 2>/dev/null) | head -n 1
}`;

export function askRemote(args: Remote, _site: Site): Question {
  const name = basename(args.src.replace(/\/+$/, ''));
  const whole = args.src.endsWith('/');
  return {
    kind: 'question',
    script: lines(
      COMPARE,
      sh`s=${pathWord(args.src)}; f=${pathWord(args.dest)}`,
      glance({ key: 'src', path: args.src, sha1: true, follow: true }),
      glanceAt('"$f"', { key: 'dest', sha1: true, behind: true }),
      sh`look_in=$f/${name}`,
      glanceAt('"$look_in"', { key: 'within', sha1: true, behind: true }),
      whole
        ? sh`if ! [ -d "$s" ]; then case $f in */) f=$look_in ;; *) ! [ -d "$f" ] || f=$look_in ;; esac; fi`
        : sh`case $f in */) f=$look_in ;; *) ! [ -d "$f" ] || f=$look_in ;; esac`,
      sh`if [ -d "$s" ]; then printf '%s\0' fact differs "$(if [ -d "$f" ]; then differs "$s" "$(cd "$f" && pwd)" ${args.owner ?? ''} ${args.group ?? ''}; else echo d; fi)"; fi`,
      sh`if [ -f "$s" ]; then m=$(md5sum <"$s" 2>/dev/null); printf '%s\0' fact md5 "\${m%% *}"; fi`,
      WHOAMI,
      askAncestors('up', '"$f"'),
      askAttributes(args, raw('"$f"')),
    ),
    uses: [LOOK],
    read: readLook,
  };
}

export function planRemote(args: Remote, seen: Observed, site: Site): Plan {
  checkValidate(args.validate);
  const source = mustSee(seen, 'src');
  if (source.state === undefined && !source.unknown) throw new ModuleFailure(`Source ${args.src} not found`);
  const from: FileState = source.state ?? { type: 'file' };
  if (args.checksum !== undefined && from.sha1 !== undefined && from.sha1 !== args.checksum) {
    throw new ModuleFailure('Copied file does not match the expected checksum. Transfer failed.', {
      checksum: from.sha1,
      expected_checksum: args.checksum,
    });
  }
  const target = targetOf(args, from, seen);
  const { missing, ground } = missingFolders(seen, 'up');
  const named = args.dest.endsWith('/') || from.type === 'directory';
  if (target.state === undefined && missing.length > 0 && !named) {
    throw new ModuleFailure(`Destination directory ${missing.at(-1)} does not exist`);
  }
  const folders =
    target.state === undefined
      ? makeFolders(
          missing.filter((folder) => folder !== target.at),
          dirArgs(args),
          seen,
          ground,
        )
      : undefined;
  const before = folders === undefined ? [] : [folders];
  return from.type === 'directory'
    ? planFolder(args, source, target, seen, before)
    : planFile(args, { ...source, state: from }, target, seen, before, site);
}

function dirArgs(args: Remote): FileArgs {
  return args.directory_mode === undefined ? {} : { mode: args.directory_mode };
}

function targetOf(args: Remote, from: FileState, seen: Observed): Seen {
  const given = mustSee(seen, 'dest');
  const behind = seenAt(seen, 'dest>');
  const isFolder =
    given.state?.type === 'directory' || (given.state?.type === 'link' && behind?.state?.type === 'directory');
  const keepsDest =
    from.type === 'directory'
      ? args.src.endsWith('/') || !(isFolder || args.dest.endsWith('/'))
      : !(isFolder || args.dest.endsWith('/'));
  if (keepsDest) return args.follow && given.state?.type === 'link' && behind !== undefined ? behind : given;
  const name = basename(args.src.replace(/\/+$/, ''));
  const at = join(given.at, name);
  return { path: join(given.path, name), at, ...stateOf(seen, at) };
}

function planFile(
  args: Remote,
  source: Seen & { state: FileState },
  target: Seen,
  seen: Observed,
  first: readonly Action[],
  _site: Site,
): Plan {
  const wanted: FileArgs = { ...args, mode: args.mode === 'preserve' ? source.state.mode : args.mode };
  const { sha1 } = source.state;
  const md5 = seen.get('fact:md5');
  const data = (state: FileState | undefined): JsonObject => ({
    checksum: sha1 ?? null,
    md5sum: typeof md5 === 'string' && md5 !== '' ? md5 : null,
    dest: target.path,
    src: args.src,
    ...register(state),
  });
  if (target.state !== undefined && !args.force)
    return {
      kind: 'plan',
      actions: [],
      data: { msg: 'file already exists', dest: target.path, src: args.src, ...register(target.state) },
    };
  if (target.state?.type === 'file' && sha1 !== undefined && target.state.sha1 === sha1) {
    const attributes = planAttributes(wanted, target.at, target.state, seen);
    const actions = attributes.differs ? [attributesAction(attributes, target.at, target.state)] : [];
    return { kind: 'plan', actions, data: data(target.state), conclude: () => data(attributes.state) };
  }
  const base: FileState = target.state?.type === 'file' ? target.state : newState('file', seen, undefined);
  const attributes = planAttributes(wanted, target.at, base, seen);
  const after: FileState = {
    ...attributes.state,
    type: 'file',
    ...(source.state.size === undefined ? {} : { size: source.state.size }),
    ...(sha1 === undefined ? {} : { sha1 }),
  };
  const action: Action = {
    changes: [
      {
        of: fileAt(target.at),
        before: target.state === undefined ? ABSENT : asJson(target.state),
        after: asJson(after),
      },
    ],
    step: {
      run: copyScript(args, source.at, target, attributes.script, base),
      failure: `could not copy ${args.src} to ${target.path}`,
    },
  };
  return {
    kind: 'plan',
    actions: [...first, action],
    data: { src: args.src, dest: target.path },
    pending: data(target.state),
    conclude: (outputs) => ({ ...data(after), ...told(outputs.at(-1)!) }),
  };
}

/** Copies beside, judges, sets attributes, renames; prints the md5 and the backup's name. */
function copyScript(args: Remote, from: string, target: Seen, attributes: Script | '', base: FileState): Script {
  const keep = sh`keep="$d.$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -p "$d" "$keep" || exit 1; echo "backup $keep"`;
  return lines(
    sh`d=${target.at}; side=\${d%/*}/.troupe-$$-copy; trap 'rm -f "$side"' EXIT`,
    target.state?.type === 'file'
      ? sh`cp -p "$d" "$side" || exit 1`
      : sh`: >"$side" && chmod ${base.mode ?? '0644'} "$side" || exit 1`,
    sh`cat ${from} >"$side" || exit 1`,
    args.validate !== undefined &&
      sh`${raw(args.validate.replaceAll('%s', '"$side"'))} >&2 || { echo 'failed to validate' >&2; exit 1; }`,
    args.backup && target.state !== undefined && keep,
    sh`mv -f "$side" "$d" || exit 1`,
    attributes !== '' && (`{ ${attributes}; } || exit 1` as Script),
    sh`if command -v md5sum >/dev/null 2>&1; then set -- $(md5sum <"$d"); echo "md5 $1"; fi`,
  );
}

function told(output: StepResult): JsonObject {
  const text = outputText(output.stdout);
  const backup = /^backup (.+)$/m.exec(text)?.[1];
  return { md5sum: /^md5 (\w+)$/m.exec(text)?.[1] ?? null, ...(backup === undefined ? {} : { backup_file: backup }) };
}

function planFolder(args: Remote, source: Seen, target: Seen, seen: Observed, first: readonly Action[]): Plan {
  if (target.state !== undefined && target.state.type === 'file') {
    throw new ModuleFailure(`cannot copy the folder ${args.src} over the file ${target.path}`);
  }
  const data = (state: FileState): JsonObject => ({
    checksum: null,
    md5sum: null,
    dest: target.path,
    src: args.src,
    ...register(state),
  });
  const alike = seen.get('fact:differs') === '' && target.state !== undefined;
  const base = target.state ?? newState('directory', seen, undefined);
  const wanted: FileArgs = { ...args, mode: args.mode === 'preserve' ? source.state?.mode : args.mode };
  const attributes = planAttributes(wanted, target.at, base, seen);
  if (alike) {
    const actions = attributes.differs ? [attributesAction(attributes, target.at, base)] : [];
    return { kind: 'plan', actions, data: data(base), conclude: () => data(attributes.state) };
  }
  const action: Action = {
    changes: [
      {
        of: fileAt(target.at),
        before: target.state === undefined ? ABSENT : asJson(target.state),
        after: asJson(attributes.state),
      },
    ],
    step: {
      run: treeScript(args, source.at, target, attributes.script),
      failure: `could not copy ${args.src} to ${target.path}`,
    },
  };
  return {
    kind: 'plan',
    actions: [...first, action],
    data: { src: args.src, dest: target.path },
    conclude: () => data(attributes.state),
  };
}

function treeScript(args: Remote, from: string, target: Seen, attributes: Script | ''): Script {
  const owner = `${args.owner ?? ''}${args.group === undefined ? '' : `:${args.group}`}`;
  // A folder whose dest is not there yet keeps its name beneath it, as with cp -r in Ansible's copy.
  const named = args.src.endsWith('/') || target.state !== undefined || target.path !== args.dest;
  const into = named ? target.at : join(target.at, basename(from));
  return lines(
    sh`mkdir -p ${into} || exit 1`,
    sh`cp -R ${args.mode === 'preserve' ? ['-p'] : []} ${`${from}/.`} ${into} || exit 1`,
    owner !== '' && sh`chown -R ${owner} ${target.at} || exit 1`,
    attributes !== '' && (`{ ${attributes}; } || exit 1` as Script),
  );
}

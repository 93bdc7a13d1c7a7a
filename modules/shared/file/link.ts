// state=link and state=hard: links, and when something that is in their place may be replaced.

import type { JsonObject } from '../../../engine/model/value.ts';
import { ABSENT, ModuleFailure, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { type Script, sh } from '../../../engine/module/sh.ts';
import { type AttributePlan, newState, planAttributes } from '../attributes.ts';
import { attributeDiff } from '../content.ts';
import { missingFolders } from '../folders.ts';
import { asJson, type FileState, fileAt, mustSee, register, type Seen, seenAt, stateName, stateOf } from '../look.ts';
import { basename, join } from '../path.ts';
import { afterwards, changing, present } from './result.ts';
import type { PathArgs } from './wanted.ts';

export function planLink(args: PathArgs, seen: Observed): Plan {
  const link = mustSee(seen, 'path');
  const { path, at, state } = link;
  const src = String(seen.get('fact:src') ?? state?.target ?? '');
  if (args.src === undefined && state?.type !== 'link')
    throw new ModuleFailure('src is required for creating new symlinks');
  const source = args.src === undefined ? seenAt(seen, 'path>') : (seenAt(seen, 'src>') ?? seenAt(seen, 'src'));
  const dangling = source?.state === undefined && source?.unknown !== true;
  if (args.src !== undefined && dangling && !args.force) {
    throw new ModuleFailure(
      `src file does not exist, use 'force=yes' if you really want to create the link: ${seenAt(seen, 'src')!.path}`,
      { path, src },
    );
  }
  checkReplaceable(args, link, seen);
  checkParent(link, seen, src);
  const fits = state?.type === 'link' && state.target === src;
  const attributes = attributesBehind(args, link, src, dangling, seen);
  const diffs = linkDiff(path, state, src, attributes, 'link');
  const shown = args.src !== undefined || (args.follow && !dangling) ? src : null;
  const data: JsonObject = { dest: path, src: shown };
  const scripts = [fits ? '' : makeLink(src, at, state), attributes?.script ?? ''].filter((part) => part !== '');
  const extra = dangling && args.follow ? { warnings: [DANGLING] } : {};
  if (scripts.length === 0)
    return { kind: 'plan', actions: [], data: { ...data, ...present(seen, 'path') }, diffs, ...extra };
  const after = { type: 'link' as const, mode: '0777', target: src, size: Buffer.byteLength(src) };
  return {
    kind: 'plan',
    actions: [
      changing(
        fits
          ? [{ of: fileAt(mustSee(seen, 'path').at), before: attributes!.before, after: attributes!.after }]
          : [{ of: fileAt(at), before: state === undefined ? ABSENT : asJson(state), after: asJson(after) }],
        scripts.join(' && ') as Script,
        at,
        `Error while linking: ${src} -> ${path}`,
      ),
    ],
    data,
    pending: present(seen, 'path'),
    conclude: ([output]) => ({ ...data, ...afterwards(output) }),
    diffs,
    ...extra,
  };
}

const DANGLING =
  'Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.';

/** Attributes of what the link leads to (or, without follow, of the link itself). */
function attributesBehind(
  args: PathArgs,
  link: Seen,
  src: string,
  dangling: boolean,
  seen: Observed,
): AttributePlan | undefined {
  if (!args.follow) {
    const made: FileState = { ...newState('file', seen, undefined), type: 'link', mode: '0777' };
    return planAttributes(args, link.at, link.state?.type === 'link' ? link.state : made, seen);
  }
  if (dangling) return undefined;
  const same = link.state?.type === 'link' && link.state.target === src;
  const behind = same ? seenAt(seen, 'path>') : (seenAt(seen, 'src>') ?? seenAt(seen, 'src'));
  if (behind?.state === undefined) return undefined;
  return planAttributes(args, behind.at, behind.state, seen);
}

function linkDiff(
  path: string,
  state: FileState | undefined,
  src: string,
  attributes: AttributePlan | undefined,
  wanted: string,
) {
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  if (stateName(state) !== wanted) {
    before['state'] = stateName(state);
    after['state'] = wanted;
  } else if (state?.target !== src) {
    before['src'] = state?.target ?? '';
    after['src'] = src;
  }
  return attributeDiff(attributes ?? { before: {}, after: {} }, path, { before, after });
}

/** Throws ModuleFailure when something is in the way that may not be replaced. */
function checkReplaceable(args: PathArgs, { path, state }: Seen, seen: Observed): void {
  if (state === undefined || state.type === 'link' || state.type === undefined) return;
  const data = { path, ...register(state) };
  if (!args.force) throw new ModuleFailure(`refusing to convert from ${stateName(state)} to symlink for ${path}`, data);
  if (state.type === 'directory' && seen.get('fact:inside')) {
    throw new ModuleFailure(`the directory ${path} is not empty, refusing to convert it`, data);
  }
}

function checkParent({ path, state, unknown }: Seen, seen: Observed, src: string): void {
  if (state !== undefined || unknown) return;
  if (missingFolders(seen, 'up').missing.length > 0) throw unlinked('[Errno 2] No such file or directory', src, path);
}

function unlinked(reason: string, src: string, path: string): ModuleFailure {
  return new ModuleFailure(`Error while linking: ${reason}: b'${src}' -> b'${path}'`, { path });
}

function makeLink(src: string, at: string, state: FileState | undefined): Script {
  if (state?.type === 'directory') return sh`rmdir ${at} && ln -s ${src} ${at}`;
  return sh`ln -sfn ${src} ${at}`;
}

export function planHard(args: PathArgs, seen: Observed): Plan {
  const given = mustSee(seen, 'path');
  const src = String(seen.get('fact:src') ?? '');
  if (args.src === undefined) {
    if (stateName(given.state) === 'hard') return planKept(args, given, seen);
    throw new ModuleFailure('src is required for creating new hardlinks');
  }
  const source = mustSee(seen, 'bare');
  const inFolder = given.state?.type === 'directory';
  const name = join(given.path, basename(src));
  const inside = inFolder ? join(given.at, basename(src)) : given.at;
  const place: Seen = inFolder ? { path: name, at: inside, ...stateOf(seen, inside) } : given;
  const { path, at, state } = place;
  const data: JsonObject = { dest: path, src };
  if (!src.startsWith('/') || (source.state === undefined && !source.unknown)) {
    throw new ModuleFailure('src does not exist', { dest: path, src });
  }
  if (source.state?.type === 'directory') throw unlinked('[Errno 1] Operation not permitted', src, path);
  checkParent(place, seen, src);
  const same =
    state !== undefined &&
    state.inode !== undefined &&
    state.inode === source.state?.inode &&
    state.device === source.state.device;
  if (state !== undefined && !same && state.type !== 'link' && !args.force) {
    const message = stateName(state) === 'hard' ? 'different hard link' : 'file';
    throw new ModuleFailure(`Cannot link, ${message} exists at destination`, { ...data, ...register(state) });
  }
  const base: FileState = source.state ?? { type: 'file' };
  const attributes = planAttributes(args, at, base, seen);
  const diffs = same ? attributeDiff(attributes, path) : hardDiff(path, state, src, attributes);
  if (same && !attributes.differs) return { kind: 'plan', actions: [], data: { ...data, ...register(state) }, diffs };
  const script = [same ? '' : sh`ln -f ${source.at} ${at}`, attributes.script]
    .filter((part) => part !== '')
    .join(' && ') as Script;
  const after = { ...attributes.state, links: (base.links ?? 1) + 1 };
  return {
    kind: 'plan',
    actions: [
      changing(
        [{ of: fileAt(at), before: state === undefined ? ABSENT : asJson(state), after: asJson(after) }],
        script,
        at,
        `Error while linking: ${src} -> ${path}`,
      ),
    ],
    data: { ...data, ...register(state) },
    conclude: ([output]) => ({ ...data, ...afterwards(output) }),
    diffs,
  };
}

function hardDiff(path: string, state: FileState | undefined, src: string, attributes: AttributePlan) {
  const was = stateName(state);
  const leads = state?.type === 'link';
  return attributeDiff(attributes, path, {
    before: { ...(was === 'hard' ? {} : { state: was }), ...(leads ? { src: state.target ?? '' } : {}) },
    after: { ...(was === 'hard' ? {} : { state: 'hard' }), ...(leads ? { src } : {}) },
  });
}

/** A hard link that is there keeps what it is. */
function planKept(args: PathArgs, { path, at, state }: Seen, seen: Observed): Plan {
  const attributes = planAttributes(args, at, state!, seen);
  const diffs = attributeDiff(attributes, path);
  const data = { dest: path, src: null, ...register(state) };
  if (!attributes.differs) return { kind: 'plan', actions: [], data, diffs };
  return {
    kind: 'plan',
    actions: [
      changing(
        [{ of: fileAt(at), before: asJson(state!), after: asJson(attributes.state) }],
        attributes.script as Script,
        at,
        `could not set the attributes of ${path}`,
      ),
    ],
    data,
    conclude: ([output]) => ({ dest: path, src: null, ...afterwards(output) }),
    diffs,
  };
}

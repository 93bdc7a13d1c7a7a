// state=directory: the folder and those above it, with attributes, and those of everything beneath with recurse.

import { type Action, ModuleFailure, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { lines, type Script } from '../../../engine/module/sh.ts';
import { newState, planAttributes } from '../attributes.ts';
import { attributeDiff } from '../content.ts';
import { makeFolders, missingFolders } from '../folders.ts';
import { asJson, type FileState, fileAt, register, type Seen, stateName } from '../look.ts';
import { planBeneath } from './recursion.ts';
import { afterwards, changing } from './result.ts';
import { planTimes } from './times.ts';
import { type PathArgs, target } from './wanted.ts';

export function planDirectory(args: PathArgs, seen: Observed): Plan {
  const folder = target(args, seen);
  if (folder.state === undefined) return planNew(args, folder, seen);
  const { path, state } = folder;
  if (state.type !== undefined && state.type !== 'directory') {
    throw new ModuleFailure(`${path} already exists as a ${stateName(state)}`, { path, ...register(state) });
  }
  return planThere(args, { ...folder, state }, seen);
}

function planNew(args: PathArgs, { path, at }: Seen, seen: Observed): Plan {
  if (path === '') {
    throw new ModuleFailure("There was an issue creating  as requested: [Errno 2] No such file or directory: b''", {
      path,
    });
  }
  const { missing, ground } = missingFolders(seen, 'up');
  const blocked = ground?.type === 'file' || ground?.type === 'other';
  if (blocked) {
    const first = missing[0] ?? at;
    throw new ModuleFailure(
      `There was an issue creating ${first} as requested: [Errno 20] Not a directory: b'${first}'`,
      { path },
    );
  }
  const made = makeFolders([...missing, at], args, seen, ground)!;
  const attributes = planAttributes(args, at, newState('directory', seen, undefined), seen);
  const times = planTimes(args, at, seen, 'preserve');
  const step = made.step as { run: Script };
  return {
    kind: 'plan',
    actions: [
      changing(made.changes, and(step.run, times.script), at, `There was an issue creating ${path} as requested`),
    ],
    data: { path },
    conclude: ([output]) => ({ path, ...afterwards(output) }),
    diffs: attributeDiff(attributes, path, { before: { state: 'absent' }, after: { state: 'directory' } }),
  };
}

function planThere(args: PathArgs, folder: Seen & { state: FileState }, seen: Observed): Plan {
  const { path, at, state } = folder;
  const attributes = planAttributes(args, at, state, seen);
  const times = planTimes(args, at, seen, 'preserve');
  const beneath = args.recurse ? planBeneath(args, at, seen) : [];
  const diffs = attributeDiff(attributes, path);
  const data = { path, ...register(state) };
  const own: Action[] =
    attributes.differs || times.differs
      ? [
          changing(
            [{ of: fileAt(at), before: asJson(state), after: asJson(attributes.state) }],
            and(attributes.script, times.script),
            at,
            `could not set the attributes of ${path}`,
          ),
        ]
      : [];
  return {
    kind: 'plan',
    actions: [...own, ...beneath],
    data,
    conclude: ([output]) => (own.length === 0 ? data : { path, ...afterwards(output) }),
    diffs,
  };
}

function and(...scripts: readonly (Script | '')[]): Script {
  return lines(...scripts.map((script) => script && (`{ ${script}\n} || exit 1` as Script)));
}

// state=touch: the file is there afterwards, and its times are those that were asked for.

import { ABSENT, ModuleFailure, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { type Script, sh } from '../../../engine/module/sh.ts';
import { newState, planAttributes } from '../attributes.ts';
import { attributeDiff } from '../content.ts';
import { missingFolders } from '../folders.ts';
import { asJson, fileAt, mustSee, register, stateName } from '../look.ts';
import { afterwards, changing } from './result.ts';
import { planTimes } from './times.ts';
import { type PathArgs, target } from './wanted.ts';

export function planTouch(args: PathArgs, seen: Observed): Plan {
  const given = mustSee(seen, 'path');
  const { at, state, unknown } = target({ ...args, follow: true }, seen);
  const { path } = given;
  const { missing, ground } = state === undefined ? missingFolders(seen, 'up') : { missing: [], ground: undefined };
  if (state === undefined && !unknown && (missing.length > 0 || ground?.type === 'file')) {
    throw new ModuleFailure('Error, could not touch target.', { path });
  }
  if (given.state?.type === 'link' && state === undefined && !unknown) {
    throw new ModuleFailure(
      `Error while updating modification or access time: [Errno 2] No such file or directory: b'${args.follow ? at : path}'`,
      { path: args.follow ? at : path },
    );
  }
  const base = state ?? newState('file', seen, ground);
  const attributes = planAttributes(args, at, base, seen);
  const times = planTimes(args, at, seen, 'now');
  const diffs = attributeDiff(attributes, path, {
    before: { state: stateName(given.state) },
    after: { state: 'touch' },
  });
  if (state !== undefined && !attributes.differs && !times.differs) {
    return { kind: 'plan', actions: [], data: { dest: path, ...register(given.state) }, diffs };
  }
  const script = [state === undefined ? sh`touch ${at}` : '', attributes.script, times.script]
    .filter((part) => part !== '')
    .join(' && ') as Script;
  const after = { ...attributes.state, ...(state === undefined ? { size: 0, content: '' } : {}) };
  return {
    kind: 'plan',
    actions: [
      changing(
        [{ of: fileAt(at), before: state === undefined ? ABSENT : asJson(state), after: asJson(after) }],
        script,
        given.at,
        'Error, could not touch target',
      ),
    ],
    data: { dest: path, ...register(given.state) },
    conclude: ([output]) => ({ dest: path, ...afterwards(output) }),
    diffs,
  };
}

// state=file: what is there keeps its content and gets its attributes; nothing is made.

import { ModuleFailure, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { lines, type Script } from '../../../engine/module/sh.ts';
import { planAttributes } from '../attributes.ts';
import { attributeDiff } from '../content.ts';
import { asJson, fileAt, register, stateName } from '../look.ts';
import { afterwards, changing } from './result.ts';
import { planTimes } from './times.ts';
import { type PathArgs, target } from './wanted.ts';

export function planExisting(args: PathArgs, seen: Observed): Plan {
  const file = target(args, seen);
  const { path, at, state } = file;
  if (state === undefined && !file.unknown) {
    throw new ModuleFailure(`file (${path}) is absent, cannot continue`, { path, state: 'absent' });
  }
  if (state?.type === 'directory' || state?.type === 'link') {
    throw new ModuleFailure(`file (${path}) is ${stateName(state)}, cannot continue`, { path, ...register(state) });
  }
  const now = state ?? { type: 'file' };
  const attributes = planAttributes(args, at, now, seen);
  const times = planTimes(args, at, seen, 'preserve');
  const shift = stateName(now) === 'file' ? {} : { before: { state: stateName(now) }, after: { state: 'file' } };
  const differs = attributes.differs || times.differs;
  const diffs = attributeDiff(attributes, path, shift);
  if (!differs) return { kind: 'plan', actions: [], data: { path, ...register(now) }, diffs };
  const script: Script = lines(attributes.script, times.script).replaceAll('\n', ' && ') as Script;
  return {
    kind: 'plan',
    actions: [
      changing(
        [{ of: fileAt(at), before: asJson(now), after: asJson(attributes.state) }],
        script,
        at,
        `could not set the attributes of ${path}`,
      ),
    ],
    data: { path, ...register(now) },
    conclude: ([output]) => ({ path, ...afterwards(output) }),
    diffs,
  };
}

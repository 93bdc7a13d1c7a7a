// state=absent: whatever is at the path goes.

import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ABSENT, type Diff, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { sh } from '../../../engine/module/sh.ts';
import { asJson, fileAt, mustSee, register, stateName } from '../look.ts';

export function planAbsent(seen: Observed, showsDiff: boolean): Plan {
  const { path, at, state, unknown } = mustSee(seen, 'path');
  const gone: JsonObject = { path, state: 'absent' };
  if (state === undefined && !unknown) return { kind: 'plan', actions: [], data: gone };
  const folder = state?.type === 'directory';
  const content: JsonObject = folder && showsDiff ? { path_content: contentOf(path, seen) } : {};
  const diff: Diff = { before: { path, state: stateName(state ?? {}), ...content }, after: gone };
  return {
    kind: 'plan',
    actions: [
      {
        changes: [{ of: fileAt(at), before: asJson(state ?? {}), after: ABSENT }],
        step: { run: folder || unknown ? sh`rm -rf ${at}` : sh`rm -f ${at}`, failure: `could not remove ${path}` },
      },
    ],
    data: { path },
    pending: register(state),
    conclude: () => gone,
    diffs: [diff],
  };
}

function contentOf(path: string, seen: Observed): JsonObject {
  const listed = (key: 'folders' | 'others'): Json[] => {
    const names = seen.get(`list:${key}`);
    return Array.isArray(names) ? (names as Json[]).filter((name) => name !== path) : [];
  };
  return { directories: listed('folders'), files: listed('others') };
}

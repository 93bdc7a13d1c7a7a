// state=absent: whatever is at the path goes.

import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ABSENT, type Diff, type Observed, type Plan } from '../../../engine/module/contract.ts';
import { sh } from '../../../engine/module/sh.ts';
import { asJson, fileAt, mustSee, stateName } from '../look.ts';
import { dirname } from '../path.ts';
import { present } from './result.ts';

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
    pending: { state: 'absent', ...present(seen, 'path') },
    conclude: () => gone,
    diffs: diff,
  };
}

/** Everything beneath, folder by folder from the top, as a walk finds it. */
function contentOf(path: string, seen: Observed): JsonObject {
  const [folders, others] = [namesOf(seen, 'folders'), namesOf(seen, 'others')];
  const top = folders[0] ?? path;
  const [folderOf, otherOf] = [childrenOf(folders.slice(1)), childrenOf(others)];
  const walk = [top, ...folders.slice(1)];
  return {
    directories: walk.flatMap((folder) => folderOf.get(folder) ?? []),
    files: walk.flatMap((folder) => otherOf.get(folder) ?? []),
  };
}

function namesOf(seen: Observed, key: 'folders' | 'others'): string[] {
  const names = seen.get(`list:${key}`);
  return Array.isArray(names) ? (names as Json[]).map(String) : [];
}

function childrenOf(names: readonly string[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const name of names) children.set(dirname(name), [...(children.get(dirname(name)) ?? []), name]);
  return children;
}

// Folders that have to be made on the way to a file: which of them are missing, what they will be like, and their making.

import { ABSENT, type Action, type Change, type Observed } from '../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../engine/module/sh.ts';
import { type FileArgs, newState, planAttributes } from './attributes.ts';
import { asJson, type FileState, fileAt, seenAt, stateOf } from './look.ts';
import { dirname } from './path.ts';

/** A line that looks at a path's folders, nearest first (`KEY1`, `KEY2` ...), until one is there. */
export function askAncestors(key: string, word: string): Script {
  return `look_ancestors ${key} ${word}` as Script;
}

/**
 * The folders above a path that are not there, outermost first, as `askAncestors` told of them, and the ground that they
 * stand on: the first thing that is there, which may be something other than a folder.
 */
export function missingFolders(seen: Observed, key: string): { missing: string[]; ground: FileState | undefined } {
  const missing: string[] = [];
  for (let count = 1; ; count++) {
    const folder = seenAt(seen, `${key}${count}`);
    if (folder === undefined || folder.unknown || folder.state !== undefined) return { missing, ground: folder?.state };
    missing.unshift(folder.at);
  }
}

/** The folder that a path lies in, as far as it was looked at. */
export function parentOf(seen: Observed, path: string): { state: FileState | undefined; unknown: boolean } {
  return seen.has(fileAt(dirname(path))) ? stateOf(seen, dirname(path)) : { state: undefined, unknown: true };
}

/** Makes folders in this order, each with the attributes; the session's own umask counts where no mode is given. */
export function makeFolders(
  folders: readonly string[],
  args: FileArgs,
  seen: Observed,
  ground: FileState | undefined,
): Action | undefined {
  if (folders.length === 0) return undefined;
  const changes: Change[] = [];
  const scripts: Script[] = [];
  let parent = ground;
  for (const at of folders) {
    const attributes = planAttributes(args, at, newState('directory', seen, parent), seen);
    scripts.push(sh`mkdir ${at} || [ -d ${at} ] || exit 1`);
    if (attributes.script !== '') scripts.push(`{ ${attributes.script}; } || exit 1` as Script);
    changes.push({ of: fileAt(at), before: ABSENT, after: asJson(attributes.state) });
    parent = attributes.state;
  }
  return {
    changes,
    step: { run: lines(...scripts), failure: `There was an issue creating ${folders.at(-1)} as requested` },
  };
}

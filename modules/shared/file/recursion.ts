// Attributes of everything beneath a folder: what is there in one answer, and the few commands that bring it into shape.

import type { Json } from '../../../engine/model/value.ts';
import type { Action, Change, Observed } from '../../../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../../../engine/module/sh.ts';
import { type FileArgs, planAttributes } from '../attributes.ts';
import { asJson, type FileState, fileAt } from '../look.ts';
import { modeText } from '../mode.ts';

/** Names in one command: far below any limit of a command line. */
const CHUNK = 200;

/** Lists what is beneath `$f`: names, and in the same order mode word, owner and group; links apart. */
export function askBeneath(follow: boolean): Script {
  const deep = raw(follow ? '-L' : '');
  return sh`if [ -d "$f" ]; then
printf '%s\0' list names; find ${deep} "$f" ! -type l -exec printf '%s\0' {} + 2>/dev/null; printf '\0'
printf '%s\0' fact beneath "$(find ${deep} "$f" ! -type l -exec stat ${deep} -c '%f %u %g' {} + 2>/dev/null)"
printf '%s\0' list links; find "$f" -type l -exec printf '%s\0' {} + 2>/dev/null; printf '\0'
printf '%s\0' fact links "$(find "$f" -type l -exec stat -c '%f %u %g' {} + 2>/dev/null)"
fi`;
}

/** The actions for everything beneath the folder at `root`, itself left out. */
export function planBeneath(args: FileArgs, root: string, seen: Observed): Action[] {
  const changes: Change[] = [];
  const commands = new Map<string, string[]>();
  const links = paired(seen.get('list:links'), seen.get('fact:links'));
  for (const [path, state] of [...paired(seen.get('list:names'), seen.get('fact:beneath')), ...links]) {
    if (path === root) continue;
    const attributes = planAttributes(args, path, state, seen);
    if (!attributes.differs) continue;
    changes.push({ of: fileAt(path), before: asJson(state), after: asJson(attributes.state) });
    collect(commands, attributes.put, path, state.type === 'link' ? '-h' : '');
    if (attributes.rest !== '') collect(commands, { other: attributes.rest }, path, '');
  }
  if (changes.length === 0) return [];
  return [{ changes, step: { run: script(commands), failure: `could not set the attributes beneath ${root}` } }];
}

function paired(names: unknown, told: unknown): [string, FileState][] {
  if (!Array.isArray(names) || typeof told !== 'string') return [];
  const states = told.split('\n');
  return (names as Json[]).flatMap((name, index) => {
    const [word, uid, gid] = (states[index] ?? '').split(' ');
    if (word === undefined || gid === undefined) return [];
    const bits = Number.parseInt(word, 16);
    const kind = bits >> 12;
    const type = kind === 4 ? 'directory' : kind === 10 ? 'link' : kind === 8 ? 'file' : 'other';
    return [[String(name), { type, mode: modeText(bits), uid: Number(uid), gid: Number(gid) }] as [string, FileState]];
  });
}

/** One command for all paths that need the same. */
function collect(
  commands: Map<string, string[]>,
  wanted: { owner?: string; group?: string; mode?: string; other?: string },
  path: string,
  flag: '-h' | '',
): void {
  const add = (command: string): void => void commands.set(command, [...(commands.get(command) ?? []), path]);
  if (wanted.owner !== undefined) add(sh`chown ${raw(flag)} ${wanted.owner}`);
  if (wanted.group !== undefined) add(sh`chgrp ${raw(flag)} ${wanted.group}`);
  if (wanted.mode !== undefined) add(sh`chmod ${wanted.mode}`);
  if (wanted.other !== undefined) add(`: && ${wanted.other} && :`);
}

function script(commands: ReadonlyMap<string, readonly string[]>): Script {
  const parts: Script[] = [];
  for (const [command, paths] of commands) {
    for (let at = 0; at < paths.length; at += CHUNK) {
      parts.push(sh`${raw(command)} ${paths.slice(at, at + CHUNK)} || exit 1`);
    }
  }
  return lines(...parts);
}

// The plan of unarchive: unpack aside, set what was asked for, and move everything into place at once.

import type { Bring } from '../../../engine/model/resource.ts';
import type { Json, JsonObject } from '../../../engine/model/value.ts';
import { ABSENT, type Change, type Observed, type Plan, type StepResult } from '../../../engine/module/contract.ts';
import { lines, sh } from '../../../engine/module/sh.ts';
import { outputText } from '../bytes.ts';
import { fileAt, mustSee, register } from '../look.ts';
import { join } from '../path.ts';
import { modeWord, type Unpacking } from './asking.ts';
import { unpacking, uploads, workplace } from './unpack.ts';

/** More members than these are foretold as a pattern. */
const MOST_TOLD = 5000;

interface Member {
  readonly kind: string;
  readonly differs: boolean;
  readonly name: string;
}

export function planUnpacking(args: Unpacking, seen: Observed): Plan {
  const dest = mustSee(seen, 'dest');
  const members = membersOf(seen.get('list:members'));
  const handler = seen.get('fact:handler');
  const data: JsonObject = {
    dest: dest.path,
    src: nameOf(args),
    ...(typeof handler === 'string' ? { handler } : {}),
    ...(args.list_files ? { files: listed(args, members ?? []) } : {}),
    ...register(dest.state),
  };
  if (members !== undefined && !members.some((member) => member.differs)) return { kind: 'plan', actions: [], data };
  return {
    kind: 'plan',
    actions: [
      {
        changes: changesOf(args, dest.at, members),
        step: {
          run: script(args, dest.at),
          scratch: uploads(args),
          failure: `failed to unpack ${nameOf(args)} to ${dest.path}`,
        },
      },
    ],
    data,
    conclude: ([output]) => told(output!),
  };
}

/** Names of members; with `include` only what it names, not the folders on the way. */
function listed({ include }: Unpacking, members: readonly Member[]): string[] {
  const isWanted = ({ name }: Member): boolean =>
    include.length === 0 ||
    include.some((wanted) => name === wanted || name.startsWith(`${wanted.replace(/\/$/, '')}/`));
  return members.filter(isWanted).map(({ kind, name }) => (kind === 'd' ? `${name}/` : name));
}

function nameOf({ src }: Unpacking): string {
  return typeof src === 'string' ? src : src.path;
}

function membersOf(listed: unknown): Member[] | undefined {
  if (!Array.isArray(listed)) return undefined;
  return (listed as Json[]).map(String).map((row) => ({ kind: row[0]!, differs: row[1] === '1', name: row.slice(2) }));
}

/** Each member that differs; where there are too many, or they are not known, whatever is beneath the folder. */
function changesOf(args: Unpacking, at: string, members: readonly Member[] | undefined): Change[] {
  const types: Readonly<Record<string, string>> = { d: 'directory', l: 'link', f: 'file' };
  if (members === undefined || members.length > MOST_TOLD) {
    const beneath: Bring = { of: fileAt(join(at, '*')), as: {}, sure: false };
    return [{ of: `unpacked:${at}`, before: ABSENT, after: { src: nameOf(args) }, brings: [beneath] }];
  }
  const owner = {
    ...(args.owner === undefined ? {} : { owner: args.owner }),
    ...(args.group === undefined ? {} : { group: args.group }),
  };
  return members
    .filter((member) => member.differs)
    .map(({ kind, name }) => ({
      of: fileAt(join(at, name)),
      before: ABSENT,
      after: { type: types[kind] ?? 'file', ...owner },
    }));
}

function script(args: Unpacking, at: string) {
  return lines(
    workplace(args),
    unpacking(args),
    args.owner !== undefined && sh`chown -R -h ${args.owner} "$into" || exit 1`,
    args.group !== undefined && sh`chgrp -R -h ${args.group} "$into" || exit 1`,
    args.mode !== undefined &&
      sh`find "$into" ! -type l ! -path "$into" -exec chmod ${modeWord(args.mode)} {} + || exit 1`,
    // The members go by name, so that the folder itself keeps owner and mode.
    sh`cd "$into" && find . ! -name . -prune -exec tar -cf "$work/all" {} + && { [ ! -e "$work/all" ] || tar -xpf "$work/all" -C ${at} ${args.keep_newer ? ['--keep-newer-files'] : []}; } || { echo 'the files could not be put in place' >&2; exit 1; }`,
    sh`printf '%s\0' "$handler"; cat "$work/out"; printf '\0'; cat "$work/err"`,
  );
}

function told(output: StepResult): JsonObject {
  const [handler = '', out = '', err = ''] = outputText(output.stdout).split('\0');
  const cmd = [handler === 'ZipArchive' ? 'unzip' : 'tar'];
  return { handler, state: 'directory', extract_results: { cmd, rc: 0, out, err } };
}

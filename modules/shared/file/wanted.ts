// The file module's arguments, and which state they mean when none is named.

import { ModuleFailure, type Observed } from '../../../engine/module/contract.ts';
import type { FileArgs } from '../attributes.ts';
import { type FileState, mustSee, register, type Seen, seenAt, stateName } from '../look.ts';
import type { Times } from './times.ts';

export type Wanted = 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch';

export interface PathArgs extends FileArgs, Times {
  readonly path: string;
  readonly state?: Wanted | undefined;
  readonly src?: string | undefined;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
}

/** The state that is wanted. Throws ModuleFailure for arguments that contradict it. */
export function wantedState(args: PathArgs, seen: Observed): Wanted {
  const { state: now, unknown } = mustSee(seen, 'path');
  const fail = (message: string): never => {
    throw new ModuleFailure(message, { path: mustSee(seen, 'path').path, ...register(now) });
  };
  const wanted = args.state ?? inferred(now, unknown, args.recurse);
  if (args.recurse && wanted !== 'directory') return fail("recurse option requires state to be 'directory'");
  if (args.src !== undefined && wanted !== 'link' && wanted !== 'hard') {
    return fail("src option requires state to be 'link' or 'hard'");
  }
  return wanted;
}

function inferred(now: FileState | undefined, unknown: boolean, recurse: boolean): Wanted {
  if (now !== undefined) return stateName(now) as Wanted;
  return recurse || unknown ? 'directory' : 'file';
}

/** The path itself, or what a link there leads to. */
export function target(args: PathArgs, seen: Observed): Seen {
  const given = mustSee(seen, 'path');
  const behind = seenAt(seen, 'path>');
  return args.follow && given.state?.type === 'link' && behind !== undefined ? behind : given;
}

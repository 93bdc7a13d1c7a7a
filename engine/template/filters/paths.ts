// Filters over paths of the controller and of Windows.

import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isDict, Tuple, type Value } from '../../model/value.ts';
import { homeOf } from '../accounts.ts';
import { Fault } from '../fault.ts';
import { globSync } from '../glob.ts';
import type { Env } from '../library.ts';
import { iterate, truth } from '../python/compare.ts';
import * as paths from '../python/paths.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, type FilterTable, filter, refuse } from './define.ts';

function pathJoin(input: Value): Value {
  if (isText(input)) return str(input);
  if (!Array.isArray(input) && !(input instanceof Tuple))
    refuse(`|path_join expects string or sequence, got ${typeName(input)} instead.`);
  const [first, ...rest] = iterate(input).map((part) => {
    if (!isText(part))
      throw new Fault(
        'TypeError',
        `join() argument must be str, bytes, or os.PathLike object, not '${typeName(part)}'`,
      );
    return str(part);
  });
  if (first === undefined) throw new Fault('TypeError', "join() missing 1 required positional argument: 'a'");
  return paths.join(first, ...rest);
}

/** A path of the controller as text. Throws for what is no text. */
export function pathOf(input: Value): string {
  if (!isText(input)) throw new Fault('TypeError', `expected str, bytes or os.PathLike object, not ${typeName(input)}`);
  return str(input);
}

/** `os.path.expanduser`: `~` and `~name`. */
export function expanduser(path: string): string {
  if (!path.startsWith('~')) return path;
  const slash = path.indexOf('/');
  const user = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const rest = slash < 0 ? '' : path.slice(slash);
  const home = user === '' ? (process.env['HOME'] ?? homedir()) : homeOf(user);
  return home === undefined ? path : home.replace(/\/+$/, '') + rest || '/';
}

/** `os.path.realpath`: links resolved as far as the path exists. */
export function realpath(path: string, cwd: string): string {
  const absolute = paths.normpath(paths.join(cwd, path));
  try {
    return realpathSync(absolute);
  } catch {
    const parent = paths.dirname(absolute);
    return parent === absolute ? absolute : paths.join(realpath(parent, '/'), paths.basename(absolute));
  }
}

function relpath(input: Value, [start]: Bound): Value {
  if (!truth(input)) throw new Fault('ValueError', 'no path specified');
  return paths.relpath(pathOf(input), start === undefined || start === null ? '.' : pathOf(start), process.cwd());
}

function commonpath(input: Value): Value {
  if (isText(input) || typeof input === 'number') refuse('|commonpath expects sequence');
  if (isDict(input)) refuse('|commonpath expects sequence');
  const all = iterate(input).map(pathOf);
  if (all.length === 0) throw new Fault('ValueError', 'commonpath() arg is an empty sequence');
  return paths.commonpath(all) ?? refuse("Can't mix absolute and relative paths");
}

function fileglob(input: Value, _args: Bound, _env: Env): Value {
  const pattern = pathOf(input);
  if (pattern === '') return [];
  const found = globSync(pattern, {
    onlyFiles: false,
    braceExpansion: false,
    extglob: false,
    globstar: false,
    suppressErrors: true,
    followSymbolicLinks: true,
  });
  return found.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true).sort();
}

export const pathFilters: FilterTable = [
  filter('basename', [], (input) => paths.basename(pathOf(input))),
  filter('dirname', [], (input) => paths.dirname(pathOf(input))),
  filter('expanduser', [], (input) => expanduser(pathOf(input))),
  filter('expandvars', [], (input) => paths.expandvars(pathOf(input), process.env)),
  filter('realpath', [], (input) => realpath(pathOf(input), process.cwd())),
  filter('relpath', ['start?'], relpath),
  filter('splitext', [], (input) => new Tuple(paths.splitext(pathOf(input)))),
  filter('path_join', [], pathJoin),
  filter('commonpath', [], commonpath),
  filter('normpath', [], (input) => paths.normpath(pathOf(input))),
  filter('fileglob', [], fileglob),
  filter('win_basename', [], (input) => paths.winBasename(pathOf(input))),
  filter('win_dirname', [], (input) => paths.winDirname(pathOf(input))),
  filter('win_splitdrive', [], (input) => new Tuple(paths.winSplitdrive(pathOf(input)))),
];

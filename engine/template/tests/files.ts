// Tests of the controller's files.

import { closeSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { pathOf, realpath } from '../filters/paths.ts';
import { normpath } from '../python/paths.ts';
import { type TestTable, test } from './define.ts';

const QUIET = { throwIfNoEntry: false } as const;

function follow(input: Value) {
  const path = pathOf(input);
  try {
    return statSync(path, QUIET);
  } catch {
    return undefined;
  }
}

function look(input: Value) {
  const path = pathOf(input);
  try {
    return lstatSync(path, QUIET);
  } catch {
    return undefined;
  }
}

function isMount(input: Value): boolean {
  const own = look(input);
  if (own === undefined || own.isSymbolicLink()) return false;
  const path = realpath(pathOf(input), process.cwd());
  const parent = statSync(dirname(path), QUIET);
  return parent !== undefined && (own.dev !== parent.dev || own.ino === parent.ino);
}

function isSameFile(input: Value, other: Value): boolean {
  const [a, b] = [follow(input), follow(other)];
  if (a === undefined || b === undefined)
    throw new Fault('OSError', `No such file or directory: '${pathOf(a === undefined ? input : other)}'`);
  return a.dev === b.dev && a.ino === b.ino;
}

const HEADER = '$ANSIBLE_VAULT;';

function isVaultedFile(input: Value): boolean {
  try {
    const file = openSync(normpath(pathOf(input)), 'r');
    try {
      const start = Buffer.alloc(HEADER.length);
      return readSync(file, start, 0, HEADER.length, 0) === HEADER.length && start.toString('latin1') === HEADER;
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new Fault('OSError', `Cannot test if the file ${pathOf(input)} is a vault: ${(cause as Error).message}`, {
      cause,
    });
  }
}

export const files: TestTable = [
  ...test('exists', [], (input) => follow(input) !== undefined),
  ...test('link_exists', [], (input) => look(input) !== undefined),
  ...test(['file', 'is_file'], [], (input) => follow(input)?.isFile() === true),
  ...test(['directory', 'is_dir'], [], (input) => follow(input)?.isDirectory() === true),
  ...test(['link', 'is_link'], [], (input) => look(input)?.isSymbolicLink() === true),
  ...test(['mount', 'is_mount'], [], isMount),
  ...test(['abs', 'is_abs'], [], (input) => pathOf(input).startsWith('/')),
  ...test(['same_file', 'is_same_file'], ['path2'], (input, [other]) => isSameFile(input, other!)),
  ...test('vaulted_file', [], isVaultedFile),
];

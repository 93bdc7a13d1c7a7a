// include_vars: variables from a file or a folder of files, found as roles and playbooks are searched.

import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import { ModuleFailure } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import { type Dict, isDict, type JsonObject, type Value } from '../model/value.ts';
import { compile } from '../regex/pattern.ts';
import type { Context } from '../template/contract.ts';
import type { Engine } from './engine.ts';
import { findFile } from './sources.ts';
import type { PlayRun } from './state.ts';

/** Reads what the request of include_vars names. Throws ModuleFailure or PlaybookError. */
export async function readIncludedVars(
  engine: Engine,
  run: PlayRun,
  task: Task,
  request: JsonObject,
  context: Context,
): Promise<{ vars: Dict; files: string[] }> {
  const dir = request['dir'];
  const files =
    typeof dir === 'string'
      ? await filesIn(await folder(dir, task, run), request)
      : [await findFile(String(request['file'] ?? ''), 'vars', context.searchPath)];
  const vars: Dict = new Map();
  for (const file of files) {
    const value = await engine.readVarsFile(file);
    if (value === null || value === undefined) continue;
    if (!isDict(value))
      throw new ModuleFailure(`${file} must be stored as a dictionary/hash`, {
        ansible_included_var_files: files,
        ansible_facts: {},
      });
    for (const [key, item] of value)
      vars.set(key, request['hash_behaviour'] === 'merge' ? merged(vars.get(key), item) : item);
  }
  return { vars, files };
}

function merged(old: Value | undefined, value: Value): Value {
  if (!isDict(old ?? null) || !isDict(value)) return value;
  const result: Dict = new Map(old as Dict);
  for (const [key, item] of value) result.set(key, merged(result.get(key), item));
  return result;
}

async function folder(name: string, task: Task, run: PlayRun): Promise<string> {
  const places = isAbsolute(name)
    ? [name]
    : [
        ...(task.role === undefined ? [] : [join(task.role.path, 'vars', name), join(task.role.path, name)]),
        join(dirname(task.file), name),
        join(dirname(run.play.file), name),
      ];
  for (const place of places) {
    const info = await stat(place).catch(() => undefined);
    if (info?.isDirectory()) return place;
    if (info !== undefined) throw new ModuleFailure(`${name} is not a directory`);
  }
  throw new ModuleFailure(`${places[0]} directory does not exist`);
}

async function filesIn(root: string, request: JsonObject): Promise<string[]> {
  const extensions = (request['extensions'] ?? []) as readonly string[];
  const depth = Number(request['depth'] ?? 0);
  const matching = typeof request['files_matching'] === 'string' ? compile(request['files_matching']) : undefined;
  const ignored = ((request['ignore_files'] ?? []) as readonly string[]).map((pattern) => compile(`^(?:${pattern})$`));
  const files: string[] = [];
  const visit = async (at: string, level: number): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (depth === 0 || level < depth) await visit(path, level + 1);
        continue;
      }
      if (matching !== undefined && !matching.test(entry.name)) continue;
      if (ignored.some((pattern) => pattern.test(basename(path)))) continue;
      if (!extensions.includes(extname(path).slice(1))) {
        if (request['ignore_unknown_extensions'] === true || matching !== undefined) continue;
        throw new ModuleFailure(`${path} does not have a valid extension: ${extensions.join(', ')}`);
      }
      files.push(path);
    }
  };
  await visit(root, 1);
  return files;
}

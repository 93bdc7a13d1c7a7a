// Vars files: one document that is a dict, or a folder of them merged in order of their names.

import { extname, join, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Located } from '../model/playbook.ts';
import type { Dict } from '../model/value.ts';
import { type Load, type StaticScope, within } from './context.ts';
import { kindOf } from './shape.ts';

const EXTENSIONS = new Set(['.yml', '.yaml', '.json', '']);

/** The variables of a file or folder. An empty file has none. Throws PlaybookError. */
export async function readVarsPath(path: string, load: Load): Promise<Dict> {
  if ((await load.files.kind(path)) !== 'directory') return readVarsFile(path, load);
  const all: Dict = new Map();
  for (const file of await varsFilesIn(path, load)) {
    for (const [name, value] of await readVarsFile(file, load)) all.set(name, value);
  }
  return all;
}

/** Vars files beneath a folder, by name; hidden and backup files are left out. */
async function varsFilesIn(folder: string, load: Load): Promise<string[]> {
  const files: string[] = [];
  for (const name of await load.files.list(folder)) {
    if (name.startsWith('.') || name.endsWith('~')) continue;
    const path = join(folder, name);
    if ((await load.files.kind(path)) === 'directory') files.push(...(await varsFilesIn(path, load)));
    else if (EXTENSIONS.has(extname(name))) files.push(path);
  }
  return files;
}

async function readVarsFile(path: string, load: Load): Promise<Dict> {
  const node = await load.fresh(path);
  if (node.value === null) return new Map();
  if (node.kind === 'map') return node.value;
  throw new PlaybookError(`The file ${path} must hold a dictionary of variables, and holds ${kindOf(node.value)}.`, {
    position: node.position,
  });
}

/**
 * The variables of `vars_files` that can be read at load, for names in imports: those whose name needs no host and that
 * are there. The run reads them anew and judges what is missing.
 */
export async function readStaticVarsFiles(
  files: Located | undefined,
  scope: StaticScope,
  playbookDir: string,
  load: Load,
): Promise<StaticScope> {
  if (!files || files.value === null) return scope;
  let known = scope;
  for (const item of Array.isArray(files.value) ? files.value : [files.value]) {
    for (const choice of Array.isArray(item) ? item : [item]) {
      if (typeof choice !== 'string') continue;
      const path = resolve(playbookDir, choice);
      if ((await load.files.kind(path)) !== 'file') continue;
      known = within(known, await readVarsFile(path, load));
      break;
    }
  }
  return known;
}

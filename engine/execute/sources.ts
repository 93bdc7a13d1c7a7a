// Files of the controller that arguments name: found beside role and playbook as Ansible searches, read, and handed to
// the module as sources.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { ModuleFailure } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import type { LocalEntry, LocalFile, LocalFolder, Source } from '../module/contract.ts';

/** Content up to this many bytes is handed over whole. */
const WHOLE = 4 * 2 ** 20;

/** The folders in which relative names are searched, nearest first: role, its includers, the task's own folder, the playbook. */
export function searchPath(task: Pick<Task, 'role' | 'file' | 'parent'>, playbookDir: string): string[] {
  const path: string[] = [];
  const add = (folder: string): void => {
    if (!path.includes(folder)) path.push(folder);
  };
  if (task.role !== undefined) add(task.role.path);
  for (let block = task.parent; block !== undefined; block = block.parent)
    if (block.role !== undefined) add(block.role.path);
  add(resolve(task.file, '..'));
  add(playbookDir);
  return path;
}

/** All places where a name is looked for: each folder's `kind` subfolder, then the folder itself. */
function candidates(name: string, kind: string, path: readonly string[]): string[] {
  if (name.startsWith('~/')) return [join(homedir(), name.slice(2))];
  if (isAbsolute(name)) return [name];
  return path.flatMap((folder) => [join(folder, kind, name), join(folder, name)]);
}

/** The absolute path of a named file. Throws ModuleFailure naming the places searched. */
export async function findFile(name: string, kind: string, path: readonly string[]): Promise<string> {
  const places = candidates(name, kind, path);
  for (const place of places) {
    try {
      await stat(place);
      return place;
    } catch {
      // Not here: the next place.
    }
  }
  throw new ModuleFailure(
    `Could not find or access '${name}'\nSearched in:\n\t${places.join('\n\t')} on the Ansible Controller.\nIf you are using a module and expect the file to exist on the remote, see the remote_src option`,
  );
}

/** A file as a source. Throws ModuleFailure when it cannot be read. */
export async function fileSource(path: string): Promise<LocalFile> {
  try {
    const { size, mode } = await stat(path);
    const permission = `0${(mode & 0o7777).toString(8).padStart(3, '0')}`;
    if (size <= WHOLE) {
      const bytes = await readFile(path);
      return { type: 'file', path, mode: permission, size: bytes.length, ...digests(bytes), bytes };
    }
    return { type: 'file', path, mode: permission, size, ...(await digestsOf(path)), bytes: undefined };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ModuleFailure(`could not read '${path}': ${code === 'EISDIR' ? 'it is a directory' : message}`);
  }
}

/** The same file or folder with what is vaulted in it opened. */
export function decrypted<S extends LocalFile | LocalFolder>(source: S, open: Open): S {
  if (source.type === 'directory')
    return { ...source, entries: source.entries.map((entry) => openedEntry(entry, source.path, open)) };
  return { ...source, ...openedSource(source, source.path, open) };
}

function openedEntry(entry: LocalEntry, root: string, open: Open): LocalEntry {
  if (entry.type === 'directory') return entry;
  if (entry.type === 'file') return { ...entry, source: openedSource(entry.source, join(root, entry.path), open) };
  return {
    ...entry,
    ...(entry.source === undefined ? {} : { source: openedSource(entry.source, join(root, entry.path), open) }),
    ...(entry.entries === undefined ? {} : { entries: entry.entries.map((inner) => openedEntry(inner, root, open)) }),
  };
}

type Open = (bytes: Uint8Array, file: string) => Uint8Array;

function openedSource(source: Source, file: string, open: Open): Source {
  if (source.bytes === undefined) return source;
  const bytes = open(source.bytes, source.path ?? file);
  return bytes === source.bytes ? source : { size: bytes.length, ...digests(bytes), bytes };
}

function digests(bytes: Uint8Array): { sha1: string; md5: string } {
  return { sha1: createHash('sha1').update(bytes).digest('hex'), md5: createHash('md5').update(bytes).digest('hex') };
}

async function digestsOf(path: string): Promise<{ sha1: string; md5: string }> {
  const sha1 = createHash('sha1');
  const md5 = createHash('md5');
  for await (const chunk of createReadStream(path)) {
    sha1.update(chunk as Buffer);
    md5.update(chunk as Buffer);
  }
  return { sha1: sha1.digest('hex'), md5: md5.digest('hex') };
}

/** A file or a whole folder for an argument with `file: 'files'`. A trailing `/` of the name stays on the path. */
export async function localSource(name: string, path: string): Promise<LocalFile | LocalFolder> {
  const info = await stat(path);
  if (!info.isDirectory()) return fileSource(path);
  const entries = await collect(path, path, new Set([await realpath(path)]));
  return {
    type: 'directory',
    path: name.endsWith('/') && !path.endsWith('/') ? `${path}/` : path,
    mode: `0${(info.mode & 0o7777).toString(8)}`,
    entries,
  };
}

/** Everything in a folder, parents first. `above` are the real paths of the folders on the way, so that links in a circle end. */
async function collect(root: string, folder: string, above: ReadonlySet<string>): Promise<LocalEntry[]> {
  const entries: LocalEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const full = join(folder, name);
    const path = relative(root, full);
    const found = await lstat(full);
    const mode = `0${(found.mode & 0o7777).toString(8)}`;
    if (found.isSymbolicLink()) entries.push(await linkEntry(root, full, path, above));
    else if (found.isDirectory()) {
      entries.push(
        { path, type: 'directory', mode },
        ...(await collect(root, full, new Set([...above, await realpath(full)]))),
      );
    } else if (found.isFile()) entries.push({ path, type: 'file', mode, source: await fileSource(full) });
  }
  return entries;
}

async function linkEntry(root: string, full: string, path: string, above: ReadonlySet<string>): Promise<LocalEntry> {
  const link = { path, type: 'link' as const, target: await readlink(full) };
  const behind = await stat(full).catch(() => undefined);
  if (behind?.isFile()) {
    const source = await fileSource(full);
    return { ...link, mode: source.mode, source };
  }
  if (!behind?.isDirectory()) return link;
  const real = await realpath(full);
  if (above.has(real)) return link;
  const mode = `0${(behind.mode & 0o7777).toString(8)}`;
  return { ...link, mode, entries: await collect(root, full, new Set([...above, real])) };
}

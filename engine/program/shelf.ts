// Where programs lie on the controller: `library` beside playbooks and roles, the configured folders, and the modules of
// installed collections.

import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';

/** Endings of files that are no modules although they lie there. */
const PASSED_BY = new Set([
  '.pyc',
  '.pyo',
  '.swp',
  '.bak',
  '.orig',
  '.rpm',
  '.md',
  '.txt',
  '.rst',
  '.ini',
  '.cfg',
  '.yml',
  '.yaml',
  '.json',
  '.toml',
]);

/** Folders of programs, searched in order; each is read once. */
export class Shelf {
  readonly #folders: string[] = [];
  readonly #seen = new Map<string, ReadonlyMap<string, string>>();
  readonly #collections: readonly string[];

  /**
   * @param folders what the setting `library` and `-M` name, absolute
   * @param collections folders that hold `ansible_collections`
   */
  constructor(folders: readonly string[], collections: readonly string[]) {
    this.#folders.push(...folders);
    this.#collections = collections.map((root) =>
      basename(root) === 'ansible_collections' ? root : join(root, 'ansible_collections'),
    );
  }

  /** What lies beside a playbook or in a role counts from now on, before what was there. */
  addBeside(folder: string): void {
    const library = join(folder, 'library');
    if (!this.#folders.includes(library)) this.#folders.unshift(library);
  }

  /** The file of a program by its short name. */
  find(name: string): string | undefined {
    for (const folder of this.#folders) {
      const file = this.#filesIn(folder).get(name);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  /** The file of a module of an installed collection `ns.name`. */
  findInCollection(collection: string, name: string): string | undefined {
    for (const root of this.#collections) {
      const file = this.#filesIn(join(root, ...collection.split('.'), 'plugins', 'modules')).get(name);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  /** Names of all programs in the folders, for near misses. */
  names(): readonly string[] {
    return this.#folders.flatMap((folder) => [...this.#filesIn(folder).keys()]);
  }

  #filesIn(folder: string): ReadonlyMap<string, string> {
    const seen = this.#seen.get(folder) ?? list(folder);
    this.#seen.set(folder, seen);
    return seen;
  }
}

/** Modules of a folder, and of the folders in it: their names without endings, and their files. */
function list(folder: string, depth = 1): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let names: readonly string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return files;
  }
  const folders: string[] = [];
  for (const name of names) {
    const path = join(folder, name);
    if (name.startsWith('.') || name.startsWith('__') || name.endsWith('~') || PASSED_BY.has(extname(name))) continue;
    const kind = statSync(path, { throwIfNoEntry: false });
    if (kind?.isDirectory()) folders.push(path);
    else if (kind?.isFile()) files.set(name.slice(0, name.length - extname(name).length), path);
  }
  if (depth > 0)
    for (const inner of folders)
      for (const [name, path] of list(inner, depth - 1)) if (!files.has(name)) files.set(name, path);
  return files;
}

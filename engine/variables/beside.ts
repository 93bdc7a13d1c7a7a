// group_vars and host_vars beside inventories and playbooks. A folder is listed once, a file is read once, and only
// when a host asks that it concerns.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import { type Dict, isDict, type Value } from '../model/value.ts';

const EXTENSIONS = ['.yml', '.yaml', '.json'];

export class VarsBeside {
  readonly #folders: readonly string[];
  readonly #read: (file: string) => Value;
  readonly #listings = new Map<string, ReadonlySet<string>>();
  readonly #files = new Map<string, readonly Dict[]>();

  /**
   * @param folders those that may hold group_vars and host_vars, weakest first
   * @param read one vars file's document
   */
  constructor(folders: readonly string[], read: (file: string) => Value) {
    this.#folders = [...new Set(folders)];
    this.#read = read;
  }

  /** The variables of a group or host, one dict a file, weakest first. Throws PlaybookError. */
  of(kind: 'group_vars' | 'host_vars', name: string): readonly Dict[] {
    const key = `${kind}/${name}`;
    let found = this.#files.get(key);
    if (!found) {
      found = this.#folders.flatMap((folder) => this.#load(join(folder, kind), name));
      this.#files.set(key, found);
    }
    return found;
  }

  /** Forgets what was read (meta: refresh_inventory). */
  forget(): void {
    this.#listings.clear();
    this.#files.clear();
  }

  #load(folder: string, name: string): Dict[] {
    if (name.includes('/')) return [];
    const listing = this.#listing(folder);
    // A folder or a file without extension comes first, and the first that is there is the only one.
    const file = [name, ...EXTENSIONS.map((extension) => name + extension)].find((candidate) => listing.has(candidate));
    if (file === undefined) return [];
    return filesAt(join(folder, file)).map((path) => asVars(this.#read(path), path));
  }

  #listing(folder: string): ReadonlySet<string> {
    let listing = this.#listings.get(folder);
    if (!listing) {
      listing = new Set(existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : []);
      this.#listings.set(folder, listing);
    }
    return listing;
  }
}

/** Vars files at a path: itself, or those beneath it by name. */
function filesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const files: string[] = [];
  for (const name of readdirSync(path).sort()) {
    if (name.startsWith('.') || name.endsWith('~')) continue;
    const inner = join(path, name);
    if (statSync(inner).isDirectory()) files.push(...filesAt(inner));
    else if (!name.includes('.') || EXTENSIONS.some((extension) => name.endsWith(extension))) files.push(inner);
  }
  return files;
}

/** A vars file's document as variables; an empty one has none. Throws PlaybookError. */
export function asVars(document: Value, file: string): Dict {
  if (document === null) return new Map();
  if (isDict(document)) return document;
  throw new PlaybookError(`The file ${file} must hold a dictionary of variables.`, {
    position: { file, line: 1, column: 1 },
  });
}

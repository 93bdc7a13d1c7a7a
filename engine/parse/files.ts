// How parsing comes by files: an interface, so that tests and editors can parse what is not on the disk.

import { readdir, readFile, stat } from 'node:fs/promises';

export interface Files {
  /** The text of a file; rejects as node's readFile does. */
  read(path: string): Promise<string>;
  /** What stands at a path; undefined when nothing does. */
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  /** Names in a folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
}

/** The disk. */
export const diskFiles: Files = {
  read: (path) => readFile(path, 'utf8'),
  kind: async (path) => {
    try {
      const found = await stat(path);
      return found.isDirectory() ? 'directory' : 'file';
    } catch {
      return undefined;
    }
  },
  list: async (folder) => (await readdir(folder)).sort(),
};

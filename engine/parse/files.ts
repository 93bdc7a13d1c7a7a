// How parsing comes by files: an interface, so that tests and editors can parse what is not on the disk.

import { readdir, readFile, stat } from 'node:fs/promises';
import { decode } from './decode.ts';

export interface Files {
  /** The text of a file; rejects as node's readFile does, or with a PlaybookError when it is no text. */
  read(path: string): Promise<string>;
  /** What stands at a path; undefined when nothing does. */
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  /** Names in a folder, sorted. */
  list(folder: string): Promise<readonly string[]>;
}

/** The disk. */
export const diskFiles: Files = {
  read: async (path) => decode(await readFile(path), path),
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

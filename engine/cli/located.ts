// Files that options name, as a shell's user means them.

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The absolute path of a name, from the current folder or, with `~/`, from the user's home. */
export function located(name: string, cwd: string): string {
  return name.startsWith('~/') ? join(homedir(), name.slice(2)) : resolve(cwd, name);
}

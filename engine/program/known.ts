// The names of the modules that come with the Ansible community package, and where short and old names lead: so that a
// playbook that names one is understood, and told plainly when the module is not written here. The names are data that
// `node scripts/known.mjs` asks of an installed Ansible.

import { readFileSync } from 'node:fs';

interface Names {
  /** By collection, the short names of its modules, with blanks between. */
  readonly modules: Readonly<Record<string, string>>;
  /** By collection, where names lead that were once in it: by new collection, the short names, with blanks between. */
  readonly moved: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Full names that lead to others. */
  readonly renamed: Readonly<Record<string, string>>;
}

let known: ReadonlyMap<string, string> | undefined;

/** The full name of a module that Ansible's users know by this full name; undefined for names that nobody knows. */
export function knownElsewhere(name: string): string | undefined {
  known ??= read();
  return known.get(name);
}

function read(): ReadonlyMap<string, string> {
  const { modules, moved, renamed } = JSON.parse(readFileSync(new URL('known.json', import.meta.url), 'utf8')) as Names;
  const names = new Map(Object.entries(renamed));
  for (const [collection, shorts] of Object.entries(modules))
    for (const short of shorts.split(' ')) names.set(`${collection}.${short}`, `${collection}.${short}`);
  for (const [from, targets] of Object.entries(moved))
    for (const [to, shorts] of Object.entries(targets))
      for (const short of shorts.split(' ')) names.set(`${from}.${short}`, `${to}.${short}`);
  return names;
}

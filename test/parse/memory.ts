// A loader over files that exist only in a test, with a registry of a few names.

import { posix } from 'node:path';
import { TemplateError } from '../../engine/model/errors.ts';
import type { Position } from '../../engine/model/position.ts';
import { Template } from '../../engine/model/value.ts';
import type { Files } from '../../engine/parse/files.ts';
import { createLoader, type LoaderOptions, type PlaybookLoader } from '../../engine/parse/loader.ts';

const ACTIONS =
  'add_host command copy debug file include_role include_tasks meta ping raw set_fact shell template'.split(' ');
const LOOKUPS = ['items', 'dict', 'first_found', 'nested'];

export interface Warned {
  readonly message: string;
  readonly position: Position | undefined;
}

/** Files by absolute path; folders are there when a file is beneath them. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(texts);
  return {
    read: async (path) => {
      const text = texts[path];
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return text;
    },
    kind: async (path) => {
      if (texts[path] !== undefined) return 'file';
      return paths.some((known) => known.startsWith(`${path}/`)) ? 'directory' : undefined;
    },
    list: async (folder) =>
      [
        ...new Set(
          paths
            .filter((path) => path.startsWith(`${folder}/`))
            .map((path) => posix.relative(folder, path).split('/')[0]!),
        ),
      ].sort(),
  };
}

export function memoryLoader(
  texts: Readonly<Record<string, string>>,
  options: Partial<LoaderOptions> = {},
): { loader: PlaybookLoader; warned: Warned[] } {
  const warned: Warned[] = [];
  const loader = createLoader({
    files: memoryFiles(texts),
    rolesPath: ['/roles'],
    collectionsPaths: ['/collections'],
    unwritten: () => undefined,
    countBeside: () => {},
    isAction: (name) => ACTIONS.includes(name.replace(/^ansible\.(?:builtin|legacy)\./, '')),
    nearActions: (name) => ACTIONS.filter((action) => name.startsWith(action)),
    isLookup: (name) => LOOKUPS.includes(name),
    renderStatic: (value, vars) => {
      if (!(value instanceof Template)) return value;
      return value.text.replace(/\{\{ *(\w+) *\}\}/g, (_, name: string) => {
        if (!vars.has(name)) throw new TemplateError(`'${name}' is undefined`, { undefinedName: true });
        return String(vars.get(name));
      });
    },
    validateAction: 'ansible.builtin.validate_argument_spec',
    warn: (message, position) => warned.push({ message, position }),
    ...options,
  });
  return { loader, warned };
}

// All modules that a playbook can name: our own, programs that lie on the controller, and those that Ansible's users know
// but nobody has written here yet. The last are refused by name, and only when a task of theirs runs.

import { readFile } from 'node:fs/promises';
import { ModuleFailure } from '../model/errors.ts';
import { type LocalFile, type Module, NO_QUESTION } from '../module/contract.ts';
import type { FoundModule, Registry } from '../module/registry.ts';
import { sourceOf } from '../module/source.ts';
import { knownElsewhere } from './known.ts';
import { programModule } from './module.ts';
import type { Shelf } from './shelf.ts';

/** What a name stands for, before anything is loaded. */
type Bearing =
  | { readonly kind: 'native'; readonly name: string }
  | { readonly kind: 'program'; readonly name: string; readonly file: string }
  | { readonly kind: 'elsewhere'; readonly name: string };

/** Where programs and unwritten modules join our own. */
export interface FullRegistry extends Registry {
  /** The full name of a module that Ansible has and this engine does not; undefined for every other name. */
  unwritten(name: string, collections?: readonly string[]): string | undefined;
}

/** @param version what programs are told as the version of Ansible, `2.19.0` */
export function withPrograms(native: Registry, shelf: Shelf, version: string): FullRegistry {
  const loaded = new Map<string, Promise<FoundModule>>();

  const bearingOf = (name: string, collections: readonly string[] = []): Bearing | undefined => {
    const at = name.lastIndexOf('.');
    const [collection, short] = [name.slice(0, Math.max(0, at)), name.slice(at + 1)];
    if (at < 0 || collection === 'ansible.legacy') {
      for (const one of collections) {
        const found = bearingOf(`${one}.${short}`);
        if (found !== undefined) return found;
      }
      const file = shelf.find(short);
      if (file !== undefined) return { kind: 'program', name: short, file };
    }
    if (native.has(name)) return { kind: 'native', name };
    const file = at < 0 ? undefined : shelf.findInCollection(collection, short);
    if (file !== undefined) return { kind: 'program', name, file };
    const full = knownElsewhere(at < 0 || collection === 'ansible.legacy' ? `ansible.builtin.${short}` : name);
    return full === undefined ? undefined : { kind: 'elsewhere', name: full };
  };

  const load = async (bearing: Bearing): Promise<FoundModule> => {
    if (bearing.kind === 'native') return (await native.find(bearing.name))!;
    if (bearing.kind === 'elsewhere') return { name: bearing.name, module: unwrittenModule(bearing.name) };
    const module = programModule(bearing.name, await programFile(bearing.file), version);
    return { name: bearing.name.includes('.') ? bearing.name : `ansible.legacy.${bearing.name}`, module };
  };

  return {
    find: async (name, collections) => {
      const bearing = bearingOf(name, collections);
      if (bearing === undefined) return undefined;
      const key = bearing.kind === 'program' ? bearing.file : bearing.name;
      const found = loaded.get(key) ?? load(bearing);
      loaded.set(key, found);
      return found;
    },
    has: (name, collections) => bearingOf(name, collections) !== undefined,
    names: () => [...new Set([...native.names(), ...shelf.names()])].sort(),
    unwritten: (name, collections) => {
      const bearing = bearingOf(name, collections);
      return bearing?.kind === 'elsewhere' ? bearing.name : undefined;
    },
  };
}

async function programFile(path: string): Promise<LocalFile> {
  return { ...sourceOf(await readFile(path)), type: 'file', path, mode: '0700' };
}

function unwrittenModule(name: string): Module {
  return {
    doc: { collection: name.slice(0, name.lastIndexOf('.')), summary: 'A module of Ansible.', examples: '' },
    schema: {},
    open: true,
    inspect: () => NO_QUESTION,
    plan: () => {
      throw new ModuleFailure(notSupported(name));
    },
  };
}

/** What is said of a module that is not written yet. */
export function notSupported(name: string): string {
  return `the module ${name} is not supported by troupe yet`;
}

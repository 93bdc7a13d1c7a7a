// A registry made of a list: names to loaders, with the other names under which Ansible knows a module.

import type { AnyModule, FoundModule, Registry } from './registry.ts';

/** A module that is not loaded yet. */
export interface Entry {
  readonly collection: string;
  readonly name: string;
  load(): Promise<{ readonly default: AnyModule }>;
}

/** Other names of collections: what is asked for there may be here. */
export type Redirects = Readonly<Record<string, readonly string[]>>;

/**
 * Makes a registry of the entries. A short name finds its module wherever it lives; a qualified one finds it in its
 * collection or in one that `redirects` names for it. Loads each module once, when it is first asked for.
 */
export function catalogue(entries: readonly Entry[], redirects: Redirects): Registry {
  const byShort = new Map(entries.map((entry) => [entry.name, entry]));
  const loaded = new Map<Entry, Promise<FoundModule>>();

  const entryOf = (name: string, collections: readonly string[]): Entry | undefined => {
    const at = name.lastIndexOf('.');
    if (at < 0) {
      for (const collection of collections) {
        const entry = entryOf(`${collection}.${name}`, []);
        if (entry !== undefined) return entry;
      }
      return byShort.get(name);
    }
    const [collection, short] = [name.slice(0, at), name.slice(at + 1)];
    const entry = byShort.get(short);
    if (entry === undefined) return undefined;
    return entry.collection === collection || redirects[collection]?.includes(entry.collection) ? entry : undefined;
  };

  return {
    async find(name, collections = []) {
      const entry = entryOf(name, collections);
      if (entry === undefined) return undefined;
      let found = loaded.get(entry);
      if (found === undefined) {
        found = entry.load().then(({ default: module }) => ({ name: `${entry.collection}.${entry.name}`, module }));
        loaded.set(entry, found);
      }
      return found;
    },
    has: (name, collections = []) => entryOf(name, collections) !== undefined,
    names: () => entries.flatMap(({ collection, name }) => [`${collection}.${name}`, name]).sort(),
  };
}

// All lookups by their names; the evaluator finds them here.

import type { Lookup } from '../library.ts';
import { collectionLookups } from './collections.ts';
import { fileLookups } from './files.ts';
import { password } from './password.ts';
import { url } from './url.ts';
import { runLookups } from './variables.ts';

/** Lookups that Ansible keeps in community.general; all others are ansible.builtin's. */
const COMMUNITY: ReadonlySet<string> = new Set(['flattened', 'cartesian', 'filetree']);

export const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>(
  [...collectionLookups, ...fileLookups, ...runLookups, ['password', password] as const, ['url', url] as const].flatMap(
    ([name, lookup]) => [
      [name, lookup] as const,
      ...(COMMUNITY.has(name) ? ['community.general'] : ['ansible.builtin', 'ansible.legacy']).map(
        (collection) => [`${collection}.${name}`, lookup] as const,
      ),
    ],
  ),
);

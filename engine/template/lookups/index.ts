// All lookups by their names; the evaluator finds them here.

import type { Lookup } from '../library.ts';
import { collectionLookups } from './collections.ts';
import { communityLookups } from './community.ts';
import { configLookup } from './config.ts';
import { fileLookups } from './files.ts';
import { filetree } from './filetree.ts';
import { firstFound } from './firstfound.ts';
import { password } from './password.ts';
import { sequence } from './sequence.ts';
import { tableLookups } from './tables.ts';
import { template } from './template.ts';
import { unsupported } from './unsupported.ts';
import { url } from './url.ts';
import { runLookups } from './variables.ts';

/** Lookups that Ansible keeps in community.general; all others are ansible.builtin's. */
const COMMUNITY: ReadonlySet<string> = new Set(['binary_file', 'flattened', 'cartesian', 'filetree']);

const own = new Map<string, Lookup>([
  ...collectionLookups,
  ...fileLookups,
  ...tableLookups,
  ...runLookups,
  ['filetree', filetree],
  ['first_found', firstFound],
  ['password', password],
  ['sequence', sequence],
  ['template', template],
  ['url', url],
]);
own.set('config', configLookup(own));

export const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>([
  ...own,
  ...[...own].flatMap(([name, lookup]) =>
    (COMMUNITY.has(name) ? ['community.general'] : ['ansible.builtin', 'ansible.legacy']).map(
      (collection) => [`${collection}.${name}`, lookup] as const,
    ),
  ),
  ...communityLookups,
  ...unsupported,
]);

// Lookups that have no short name: those of community.general, and of ansible.utils those that are its filters as well.

import { type Lookup, positional } from '../library.ts';
import { collectionVersion } from './collectionversion.ts';
import { dependent } from './dependent.ts';
import { mergeVariables } from './mergevariables.ts';
import { randomString } from './randomstring.ts';

/** A filter of ansible.utils as the lookup that it is as well: the term is what it is applied to, or `input` names it. */
function asFilter(name: string, inputName: string): Lookup {
  return {
    run([first, ...further], { given }, env) {
      const named = new Map(given);
      named.delete(inputName);
      const input = first ?? given.get(inputName) ?? null;
      const result = env.filter(`ansible.utils.${name}`, input, { ...positional(...further), named });
      return Array.isArray(result) ? result : [result];
    },
  };
}

export const communityLookups: readonly (readonly [string, Lookup])[] = [
  ['community.general.random_string', randomString],
  ['community.general.merge_variables', mergeVariables],
  ['community.general.collection_version', collectionVersion],
  ['community.general.dependent', dependent],
  ['ansible.utils.get_path', asFilter('get_path', 'var')],
  ['ansible.utils.index_of', asFilter('index_of', 'data')],
  ['ansible.utils.to_paths', asFilter('to_paths', 'var')],
];

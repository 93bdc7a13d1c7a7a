// The lookup `collection_version` of community.general: which version of a collection is installed, if it is.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, typeFault } from '../fault.ts';
import type { Lookup } from '../library.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';

/** The version of a collection that is installed, as its manifest tells it. */
export const collectionVersion: Lookup = {
  options: { result_not_found: { type: 'str' }, result_no_version: { type: 'str', default: '*' } },
  run(terms, options, { context }) {
    const paths = context.services.setting('COLLECTIONS_PATHS')?.value;
    return terms.map((term) => {
      if (!isText(term)) typeFault(`expected string or bytes-like object, got '${typeName(term)}'`);
      const [, namespace, name] = /^([a-z]\w*)\.([a-z]\w*)$/i.exec(str(term)) ?? [];
      if (name === undefined) throw new Fault('LookupError', `"${str(term)}" is not a FQCN`);
      if (str(term) === 'ansible.builtin') return options.value('result_no_version');
      const folders = (Array.isArray(paths) ? paths : [])
        .map((path) => join(String(path), 'ansible_collections', namespace!, name))
        .filter((folder) => existsSync(folder));
      const [folder] = folders;
      return folder === undefined
        ? options.value('result_not_found')
        : (versionIn(folder) ?? options.value('result_no_version'));
    });
  },
};

function versionIn(folder: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, 'MANIFEST.json'), 'utf8')) as {
      collection_info?: { version?: string };
    };
    return manifest.collection_info?.version;
  } catch {
    const file = join(folder, 'galaxy.yml');
    return existsSync(file) ? /^version:\s*['"]?([^'"\s]+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  }
}

// Lookups of community.general and ansible.utils that there are and that cannot be had here: they are refused by name.

import { Fault } from '../fault.ts';
import type { Lookup } from '../library.ts';

/** What each would need. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'a service that it asks over the network': [
    'bitwarden',
    'bitwarden_secrets_manager',
    'chef_databag',
    'consul_kv',
    'credstash',
    'cyberarkpassword',
    'dig',
    'dnstxt',
    'dsv',
    'etcd',
    'etcd3',
    'github_app_access_token',
    'lastpass',
    'onepassword',
    'onepassword_doc',
    'onepassword_raw',
    'onepassword_ssh_key',
    'redis',
    'revbitspss',
    'tss',
  ],
  'the program pass or gopass': ['passwordstore'],
  'a program or library of its own': ['hiera', 'keyring', 'lmdb_kv', 'random_pet', 'random_words', 'shelvefile'],
};

function refused(need: string): Lookup {
  return {
    run() {
      throw new Fault('LookupError', `this lookup is not supported: it needs ${need}`);
    },
  };
}

/** By their full names. */
export const unsupported: readonly (readonly [string, Lookup])[] = [
  ...Object.entries(NEEDS).flatMap(([need, names]) =>
    names.map((name) => [`community.general.${name}`, refused(need)] as const),
  ),
  ['ansible.utils.validate', refused('the jsonschema library')],
];

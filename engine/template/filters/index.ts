// All filters by the names under which templates may call them: short and fully qualified.

import type { Filter } from '../library.ts';
import { choice } from './choice.ts';
import { comments } from './comment.ts';
import { consolidating, vlans } from './consolidate.ts';
import type { FilterTable } from './define.ts';
import { dicts } from './dicts.ts';
import { durations } from './durations.ts';
import { encoding } from './encoding.ts';
import { factDiffs } from './factdiff.ts';
import { formats } from './formats.ts';
import { general } from './general.ts';
import { hashids } from './hashids.ts';
import { deepKeys, topKeys } from './keys.ts';
import { lists } from './lists.ts';
import { markup } from './markup.ts';
import { addresses } from './network/index.ts';
import { numbers } from './numbers.ts';
import { passwords } from './password.ts';
import { patches } from './patch.ts';
import { pathFilters } from './paths.ts';
import { prettytable } from './prettytable.ts';
import { query } from './query.ts';
import { macs, randomness } from './random.ts';
import { regex } from './regex.ts';
import { types } from './reveal.ts';
import { selecting } from './select.ts';
import { sequence } from './sequence.ts';
import { structures } from './structures.ts';
import { tables } from './tables.ts';
import { time } from './time.ts';
import { unsupported } from './unsupported.ts';
import { validation } from './validate.ts';
import { vaults } from './vault.ts';
import { words } from './words.ts';
import { xml } from './xml.ts';

const BUILTIN: FilterTable = [
  ...choice,
  ...comments,
  ...dicts,
  ...encoding,
  ...formats,
  ...lists,
  ...markup,
  ...numbers,
  ...passwords,
  ...pathFilters,
  ...randomness,
  ...regex,
  ...selecting,
  ...sequence,
  ...time,
  ...vaults,
  ...words,
];
const GENERAL: FilterTable = [
  ...durations,
  ...general,
  ...hashids,
  ...macs,
  ...patches,
  ...prettytable,
  ...query,
  ...tables,
  ...topKeys,
  ...types,
];
const UTILS: FilterTable = [
  ...addresses,
  ...consolidating,
  ...deepKeys,
  ...factDiffs,
  ...structures,
  ...validation,
  ...xml,
];

/** Names that Ansible routes to a collection without its name being written. */
const ROUTED = new Set([
  'hwaddr',
  'ipaddr',
  'ipsubnet',
  'ipv4',
  'ipv6',
  'ipwrap',
  'ip4_hex',
  'ipmath',
  'json_query',
  'macaddr',
  'network_in_network',
  'network_in_usable',
  'next_nth_usable',
  'nthhost',
  'previous_nth_usable',
  'random_mac',
  'reduce_on_network',
  'slaac',
  'cidr_merge',
]);

function under(prefix: string, table: FilterTable): [string, Filter][] {
  return table.map(([name, filter]) => [`${prefix}.${name}`, filter]);
}

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...BUILTIN,
  ...[...GENERAL, ...UTILS].filter(([name]) => ROUTED.has(name)),
  ...under('ansible.builtin', BUILTIN),
  ...under('ansible.legacy', BUILTIN),
  ...under('community.general', GENERAL),
  ...under('ansible.utils', UTILS),
  ...under('ansible.netcommon', [...addresses, ...vlans]),
  ...unsupported,
]);

// ansible.utils' filters that bring lists together: consolidate, param_list_compare; ansible.netcommon's vlan_expander.

import { type Dict, isDict, type Value } from '../../model/value.ts';
import { iterate } from '../python/compare.ts';
import { dictGet, dictHas, dictSet } from '../python/dicts.ts';
import { parseInteger } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { type Bound, dictOf, type FilterTable, filter, flag, refuse, text } from './define.ts';

/** The rows of several sources by the value of the key that they have in common. */
function consolidate(input: Value, [missingKey, missingValue, duplicate]: Bound): Value {
  const joined: Dict = new Map();
  const sources = iterate(input).map((source) => {
    if (!isDict(source)) return refuse('consolidate needs a list of dictionaries with data, match_key and name');
    const name = text(source.get('name'));
    const rows: Dict = new Map();
    for (const row of iterate(source.get('data') ?? [])) {
      const key = isDict(row) ? dictGet(row, source.get('match_key') ?? null) : undefined;
      if (key === undefined) {
        if (flag(missingKey, true))
          refuse(`missing match key '${text(source.get('match_key'))}' in data source '${name}'`);
        continue;
      }
      if (flag(duplicate, true) && dictHas(rows, key)) refuse(`duplicate values in data source '${name}': ${str(key)}`);
      dictSet(rows, key, row);
      if (!dictHas(joined, key)) dictSet(joined, key, new Map());
    }
    return { name, rows };
  });
  for (const [key, row] of joined)
    for (const { name, rows } of sources) {
      const found = dictGet(rows, key);
      if (found === undefined && flag(missingValue, true))
        refuse(`missing match value '${str(key)}' in data source '${name}'`);
      (row as Dict).set(name, found ?? new Map());
    }
  return joined;
}

/** Which of the wanted names there are: `!name` takes one away, `!all` all. */
function compareParameters(input: Value, [target]: Bound): Value {
  const base = iterate(input).map(str);
  const wanted = iterate(target ?? []).map(str);
  const unwanted = wanted.filter((name) => name.startsWith('!')).map((name) => name.slice(1));
  const named = wanted.filter((name) => !name.startsWith('!'));
  const everything = named.length === 0 || named.includes('all');
  const from = everything && !unwanted.includes('all') ? base : named.filter((name) => base.includes(name));
  return dictOf([
    ['actionable', from.filter((name) => !unwanted.includes(name))],
    ['unsupported', [...named, ...unwanted].filter((name) => name !== 'all' && !base.includes(name))],
  ]);
}

/** `1,10-12` as numbers, each once and in order. */
function expandVlans(input: Value): Value {
  const found = new Set<number>();
  for (const part of text(input).split(',')) {
    const [low, high = low] = part.split('-').map((number) => parseInteger(number));
    if (low === undefined || high === undefined) return refuse(`'${part}' is no VLAN and no range of VLANs`);
    // Beyond what is exact, counting on by one would stand still.
    if (!Number.isSafeInteger(Number(high))) return refuse(`'${part}' is too large for a VLAN`);
    if (Number(high) - Number(low) > 4096) return refuse(`the range '${part}' has too many VLANs`);
    for (let vlan = Number(low); vlan <= Number(high); vlan++) found.add(vlan);
  }
  return [...found].sort((a, b) => a - b);
}

export const consolidating: FilterTable = [
  filter('consolidate', ['fail_missing_match_key?', 'fail_missing_match_value?', 'fail_duplicate?'], consolidate),
  filter('param_list_compare', ['target'], compareParameters),
];

/** ansible.netcommon's. */
export const vlans: FilterTable = [filter('vlan_expander', [], expandVlans)];

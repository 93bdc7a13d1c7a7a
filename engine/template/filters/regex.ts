// regex_replace, regex_search, regex_findall and regex_escape.

import { Tuple, type Value } from '../../model/value.ts';
import { escapeRegex } from '../../regex/pattern.ts';
import { compile } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { type Bound, type FilterTable, filter, flag, integer, rawFilter, refuse, text } from './define.ts';

function regexReplace(
  input: Value,
  [pattern, replacement, ignoreCase, multiline, count, mandatoryCount]: Bound,
): Value {
  const regex = compile(text(pattern), { ignoreCase: flag(ignoreCase), multiline: flag(multiline) });
  const [result, done] = regex.replace(str(input), text(replacement), integer(count, 0));
  const wanted = integer(mandatoryCount, 0);
  if (wanted > 0 && done !== wanted)
    refuse(`'${text(pattern)}' should match ${wanted} times, but matches ${done} times in '${str(input)}'`);
  return result;
}

const regexSearch = rawFilter('regex_search', (input, args) => {
  const [pattern, ...wanted] = args.positional;
  if (pattern === undefined) refuse("regex_search() missing 1 required positional argument: 'regex'");
  const regex = compile(str(pattern), {
    ignoreCase: flag(args.named.get('ignorecase')),
    multiline: flag(args.named.get('multiline')),
  });
  const groups: (string | number)[] = wanted.map((each) => {
    const name = /^\\g<(\S+)>/.exec(str(each))?.[1];
    if (name !== undefined) return name;
    const number = /^\\(\d+)/.exec(str(each))?.[1];
    return number === undefined ? refuse('Unknown argument') : Number(number);
  });
  const match = regex.search(str(input));
  if (match === undefined) return null;
  if (groups.length === 0) return match.text;
  return groups.map((group) => {
    if (group === 0) return match.text;
    const found = typeof group === 'number' || /^\d+$/.test(group) ? Number(group) : regex.groupNames.get(group);
    if (found === undefined || found > regex.groupCount) return refuse('no such group');
    return found === 0 ? match.text : (match.group(found) ?? null);
  });
});

function regexFindall(input: Value, [pattern, multiline, ignoreCase]: Bound): Value {
  const regex = compile(text(pattern), { ignoreCase: flag(ignoreCase), multiline: flag(multiline) });
  return [...regex.matches(str(input))].map((match) => {
    if (regex.groupCount === 0) return match.text;
    if (regex.groupCount === 1) return match.groups[0] ?? '';
    return new Tuple(match.groups.map((group) => group ?? ''));
  });
}

function regexEscape(input: Value, [type]: Bound): Value {
  const kind = text(type, 'python');
  if (kind === 'python') return escapeRegex(str(input));
  if (kind === 'posix_basic') return str(input).replace(/[\].[^$*\\]/g, '\\$&');
  if (kind === 'posix_extended') refuse(`Regex type (${kind}) not yet implemented`);
  return refuse(`Invalid regex type (${kind})`);
}

export const regex: FilterTable = [
  filter(
    'regex_replace',
    ['pattern?', 'replacement?', 'ignorecase?', 'multiline?', 'count?', 'mandatory_count?'],
    regexReplace,
  ),
  regexSearch,
  filter('regex_findall', ['regex', 'multiline?', 'ignorecase?'], regexFindall),
  filter('regex_escape', ['re_type?'], regexEscape),
];

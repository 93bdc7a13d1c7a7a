// Tests over text: regular expressions, versions, URLs, vaulted text.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { truth } from '../python/compare.ts';
import { compile, type Match } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { splitUrl } from '../python/urls.ts';
import { compareLoose, comparePep440, compareSemver, compareStrict, type Order } from '../python/versions.ts';
import { type Bound, type TestTable, test } from './define.ts';

function matches(
  input: Value,
  pattern: Value | undefined,
  ignoreCase: Value | undefined,
  multiline: Value | undefined,
  how: string,
): boolean {
  const regex = compile(pattern === undefined ? '' : str(pattern), {
    ignoreCase: ignoreCase !== undefined && truth(ignoreCase),
    multiline: multiline !== undefined && truth(multiline),
  });
  const text = str(input);
  let found: Match | undefined;
  if (how === 'search') found = regex.search(text);
  else {
    found = regex.match(text);
    if (how === 'fullmatch' && found !== undefined && found.end !== text.length) found = undefined;
  }
  return found !== undefined;
}

function byType(input: Value, [pattern, ignoreCase, multiline, type]: Bound): boolean {
  const how = type === undefined ? 'search' : str(type);
  if (!['match', 'search', 'fullmatch'].includes(how))
    throw new Fault('AttributeError', `'re.Pattern' has no way of matching called '${how}'`);
  if (how !== 'fullmatch') return matches(input, pattern, ignoreCase, multiline, how);
  return matches(input, `(?:${pattern === undefined ? '' : str(pattern)})\\Z`, ignoreCase, multiline, 'match');
}

const OPERATORS: Readonly<Record<string, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '=': (order) => order === 0,
  eq: (order) => order === 0,
  '<': (order) => order < 0,
  lt: (order) => order < 0,
  '<=': (order) => order <= 0,
  le: (order) => order <= 0,
  '>': (order) => order > 0,
  gt: (order) => order > 0,
  '>=': (order) => order >= 0,
  ge: (order) => order >= 0,
  '!=': (order) => order !== 0,
  '<>': (order) => order !== 0,
  ne: (order) => order !== 0,
};

const SCHEMES: Readonly<Record<string, Order>> = {
  loose: compareLoose,
  strict: compareStrict,
  semver: compareSemver,
  semantic: compareSemver,
  pep440: comparePep440,
};

function version(input: Value, [other, operator, strict, type]: Bound): boolean {
  if (type !== undefined && type !== null && strict !== undefined && strict !== null)
    throw new Fault('TemplateError', "Cannot specify both 'strict' and 'version_type'");
  const scheme =
    type !== undefined && type !== null
      ? str(type)
      : strict !== undefined && strict !== null && truth(strict)
        ? 'strict'
        : 'loose';
  const order = Object.hasOwn(SCHEMES, scheme) ? SCHEMES[scheme] : undefined;
  if (order === undefined)
    throw new Fault(
      'TemplateError',
      `Invalid version type (${scheme}). Must be one of '${Object.keys(SCHEMES).sort().join("', '")}'`,
    );
  const sign = operator === undefined ? 'eq' : str(operator);
  const judge = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
  if (judge === undefined)
    throw new Fault(
      'TemplateError',
      `Invalid operator type (${sign}). Must be one of ${Object.keys(OPERATORS)
        .map((each) => `'${each}'`)
        .join(', ')}`,
    );
  const [mine, theirs] = [str(input), str(other!)];
  if (mine === '') throw new Fault('TemplateError', 'Input version value cannot be empty');
  if (theirs === '') throw new Fault('TemplateError', 'Version parameter to compare against cannot be empty');
  try {
    return judge(order(mine, theirs));
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new Fault('TemplateError', `Version comparison failed: ${cause.message}`, { cause });
  }
}

function isUri(input: Value, schemes: Value | undefined): boolean {
  if (!isText(input)) return false;
  const parts = splitUrl(str(input));
  if (parts === undefined || parts.scheme === '') return false;
  const allowed = Array.isArray(schemes) ? schemes.map(str) : undefined;
  return allowed === undefined || allowed.length === 0 || allowed.includes(parts.scheme);
}

function isUrl(input: Value, schemes: Value | undefined): boolean {
  if (!isUri(input, schemes)) return false;
  return splitUrl(str(input))!.netloc !== '';
}

export const textTests: TestTable = [
  ...test('match', ['pattern?', 'ignorecase?', 'multiline?'], (input, [pattern, ignore, multi]) =>
    matches(input, pattern, ignore, multi, 'match'),
  ),
  ...test('search', ['pattern?', 'ignorecase?', 'multiline?'], (input, [pattern, ignore, multi]) =>
    matches(input, pattern, ignore, multi, 'search'),
  ),
  ...test('regex', ['pattern?', 'ignorecase?', 'multiline?', 'match_type?'], byType),
  ...test(['version', 'version_compare'], ['version', 'operator?', 'strict?', 'version_type?'], version),
  ...test('uri', ['schemes?'], (input, [schemes]) => isUri(input, schemes)),
  ...test('url', ['schemes?'], (input, [schemes]) => isUrl(input, schemes)),
  ...test('urn', [], (input) => isUri(input, ['urn']) && str(input).split(':').length > 2),
  ...test('vault_encrypted', [], (input) => str(input).startsWith('$ANSIBLE_VAULT;')),
];

// Tests over text: regular expressions, versions, URLs, vaulted text.

import type { Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import { equals, iterate, truth } from '../python/compare.ts';
import { compile } from '../python/regex.ts';
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
  return (how === 'search' ? regex.search(text) : regex.match(text)) !== undefined;
}

function byType(input: Value, [pattern, ignoreCase, multiline, type]: Bound): boolean {
  const how = type === undefined ? 'search' : str(type);
  if (!['match', 'search', 'fullmatch'].includes(how))
    throw new Fault('AttributeError', `'re.Pattern' has no way of matching called '${how}'`);
  if (how !== 'fullmatch') return matches(input, pattern, ignoreCase, multiline, how);
  const source = pattern === undefined ? '' : str(pattern);
  const flags = /^\(\?[aiLmsux]+\)/.exec(source)?.[0] ?? '';
  // A comment of the verbose form ends with its line.
  const end = flags.includes('x') ? '\n' : '';
  return matches(input, `${flags}(?:${source.slice(flags.length)}${end})\\Z`, ignoreCase, multiline, 'match');
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
  if (!truth(input)) throw new Fault('TemplateError', 'Input version value cannot be empty');
  if (!truth(other!)) throw new Fault('TemplateError', 'Version parameter to compare against cannot be empty');
  try {
    return judge(order(mine, theirs));
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw new Fault('TemplateError', `Version comparison failed: ${cause.message}`, { cause });
  }
}

type Schemes = Value | undefined;

/** Is the scheme among those asked for? In one text, as a part of it. */
function hasScheme(scheme: string, schemes: Schemes): boolean {
  if (schemes === undefined || !truth(schemes)) return true;
  return isText(schemes) ? str(schemes).includes(scheme) : iterate(schemes).some((each) => equals(each, scheme));
}

/** Any text that can be split is a URI to Ansible, unless schemes are asked for. */
function isUri(input: Value, schemes: Schemes): boolean {
  if (!isText(input)) return !truth(input) && hasScheme('', schemes);
  const parts = splitUrl(str(input));
  return parts !== undefined && hasScheme(parts.scheme, schemes);
}

function isUrl(input: Value, schemes: Schemes): boolean {
  if (!isText(input) || !isUri(input, schemes)) return false;
  const parts = splitUrl(str(input))!;
  return parts.netloc !== '' || parts.scheme === 'file';
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
  ...test('urn', [], (input) => isText(input) && isUri(input, ['urn'])),
  // Text never counts, and encrypted values of vars files are decrypted before a template sees them.
  ...test('vault_encrypted', [], () => false),
];

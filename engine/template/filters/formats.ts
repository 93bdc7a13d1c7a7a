// Filters between values and JSON or YAML.

import { Tuple, type Value } from '../../model/value.ts';
import { Fault } from '../fault.ts';
import type { CallArgs, Env } from '../library.ts';
import { truth } from '../python/compare.ts';
import { dumpJson, type JsonOptions } from '../python/json.ts';
import { loadJson } from '../python/jsonread.ts';
import { isNumeric } from '../python/numbers.ts';
import { str } from '../python/text.ts';
import { isText, Markup, typeName } from '../python/types.ts';
import { type DumpOptions, dump } from '../python/yaml/emit.ts';
import { loadAllYaml, loadYaml } from '../python/yaml/load.ts';
import { type Bound, type FilterTable, filter, integer, rawFilter, refuse, text } from './define.ts';

const JSON_ARGUMENTS = [
  'vault_to_text',
  'preprocess_unsafe',
  'skipkeys',
  'ensure_ascii',
  'check_circular',
  'allow_nan',
  'indent',
  'separators',
  'sort_keys',
  'default',
  'cls',
  'profile',
];

function jsonOptions(args: CallArgs, env: Env, fallback: JsonOptions): JsonOptions {
  for (const key of args.named.keys())
    if (!JSON_ARGUMENTS.includes(key))
      throw new Fault('TypeError', `JSONEncoder.__init__() got an unexpected keyword argument '${key}'`);
  for (const key of ['default', 'cls', 'profile'])
    if (args.named.has(key)) refuse(`the argument '${key}' of JSON filters is not supported`);
  const named = (key: string) => args.named.get(key);
  const indent = named('indent');
  const separators = named('separators');
  const bool = (key: string, otherwise: boolean | undefined) => {
    const value = named(key);
    return value === undefined ? otherwise : truth(value);
  };
  return {
    indent: indent === undefined ? fallback.indent : indentOf(indent),
    separators: separators === undefined || separators === null ? fallback.separators : pairOf(separators),
    ensureAscii: bool('ensure_ascii', fallback.ensureAscii),
    sortKeys: bool('sort_keys', fallback.sortKeys),
    skipKeys: bool('skipkeys', undefined),
    allowNan: bool('allow_nan', undefined),
    iterables: env.typing === 'modern',
    textKeys: env.typing === 'modern',
  };
}

/** The indentation of a level, in blanks or as text. */
function indentOf(value: Value | undefined): number | string | undefined {
  if (value === undefined || value === null) return undefined;
  return isText(value) ? str(value) : integer(value, 0);
}

function pairOf(value: Value): readonly [string, string] {
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : [];
  return items.length === 2 ? [str(items[0]!), str(items[1]!)] : refuse('separators must be a pair');
}

/** JSON over several lines; its separators are its own. */
function toNiceJson(input: Value, args: CallArgs, env: Env): Value {
  if (args.named.has('separators') && env.typing === 'classic')
    throw new Fault('TypeError', "to_json() got multiple values for keyword argument 'separators'");
  const options = jsonOptions(args, env, { indent: 4, sortKeys: true });
  return dumpJson(input, { ...options, separators: [',', ': '] });
}

/** JSON for use within HTML, as Jinja's `tojson`. */
function tojson(input: Value, args: CallArgs): Value {
  const indent = args.positional[0] ?? args.named.get('indent');
  const json = dumpJson(input, {
    sortKeys: true,
    indent: indentOf(indent),
    dates: false,
  });
  return new Markup(json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
}

const YAML_ARGUMENTS: readonly string[] = [
  'indent',
  'width',
  'sort_keys',
  'default_style',
  'default_flow_style',
  'explicit_start',
  'explicit_end',
  'canonical',
  'line_break',
  'version',
];

function yamlOptions(args: CallArgs, fallback: DumpOptions): DumpOptions {
  for (const key of args.named.keys()) {
    if (YAML_ARGUMENTS.includes(key) || key === 'vault_behavior') continue;
    if (key === 'allow_unicode' || key === 'Dumper')
      throw new Fault('TypeError', `yaml.dump() got multiple values for keyword argument '${key}'`);
    if (key === 'encoding' || key === 'tags') refuse(`the argument '${key}' of YAML filters is not supported`);
    throw new Fault('TypeError', `dump_all() got an unexpected keyword argument '${key}'`);
  }
  const named = (key: string) => args.named.get(key);
  const bool = (key: string) => {
    const value = named(key);
    return value === undefined || value === null ? undefined : truth(value);
  };
  const number = (key: string, otherwise: number | undefined) => {
    const value = named(key);
    return value === undefined || value === null ? otherwise : integer(value, 0);
  };
  const style = named('default_style');
  const version = named('version');
  return {
    indent: number('indent', fallback.indent),
    width: number('width', undefined),
    sortKeys: bool('sort_keys') ?? true,
    flow: named('default_flow_style') === undefined ? fallback.flow : bool('default_flow_style'),
    style: style === undefined || style === null ? undefined : text(style),
    explicitStart: bool('explicit_start'),
    explicitEnd: bool('explicit_end'),
    canonical: bool('canonical'),
    lineBreak: ['\r', '\r\n'].find((each) => each === text(named('line_break'))),
    version: version === undefined || version === null ? undefined : versionOf(version),
  };
}

function versionOf(value: Value): readonly [number, number] {
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : [];
  return items.length === 2 && items.every(isNumeric)
    ? [Number(items[0]), Number(items[1])]
    : refuse('version must be a pair of numbers');
}

/** Text as JSON has it; `strict=False` lets control characters stand in it. */
function fromJson(input: Value, [profile, named]: Bound, env: Env): Value {
  if (profile !== undefined && (env.typing === 'classic' || !['legacy', 'tagless'].includes(str(profile))))
    refuse(`from_json: the profile '${str(profile)}' is not supported`);
  const options = named as ReadonlyMap<string, Value>;
  for (const key of options.keys())
    if (key !== 'strict')
      throw new Fault('TypeError', `JSONDecoder.__init__() got an unexpected keyword argument '${key}'`);
  const strict = options.get('strict');
  if (!isText(input))
    throw new Fault('TypeError', `the JSON object must be str, bytes or bytearray, not ${typeName(input)}`);
  return loadJson(str(input), { controls: strict !== undefined && !truth(strict) });
}

function fromYamlAll(input: Value): Value {
  if (input === null) return [];
  return isText(input) ? loadAllYaml(str(input)) : input;
}

export const formats: FilterTable = [
  rawFilter('to_json', (input, args, env) => dumpJson(input, jsonOptions(args, env, {}))),
  rawFilter('to_nice_json', toNiceJson),
  rawFilter('tojson', tojson),
  filter('from_json', ['profile?', '**options'], fromJson),
  rawFilter('to_yaml', (input, args) => dump(input, yamlOptions(args, {}))),
  rawFilter('to_nice_yaml', (input, args) => dump(input, yamlOptions(withIndent(args), { indent: 4, flow: false }))),
  filter('from_yaml', [], (input) => (isText(input) ? loadYaml(str(input)) : input)),
  filter('from_yaml_all', [], fromYamlAll),
];

/** `to_nice_yaml(2)`: the indentation may come without its name. */
function withIndent(args: CallArgs): CallArgs {
  const [first] = args.positional;
  if (first === undefined) return args;
  if (args.positional.length > 1 || args.named.has('indent'))
    throw new Fault('TypeError', "to_nice_yaml() got multiple values for argument 'indent'");
  return { positional: [], named: new Map([...args.named, ['indent', first]]) };
}

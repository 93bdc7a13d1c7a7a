// ansible.utils' fact_diff: two values as lines, and how they differ.

import { structuredPatch } from 'diff/lib/patch/create.js';
import { isDict, type Value } from '../../model/value.ts';
import type { Pattern } from '../../regex/pattern.ts';
import { Fault } from '../fault.ts';
import { dumpJson } from '../python/json.ts';
import { compile } from '../python/regex.ts';
import { repr, str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type Bound, boolArgument, type FilterTable, filter, refuse } from './define.ts';
import { splitLines } from './words.ts';

/** Longest time that a comparison may take, in milliseconds. */
const PATIENCE = 10_000;
const NATIVE = 'ansible.utils.native';

/** The patterns of lines that do not count, from the description of the plugin; undefined where there are none. */
function skipped(plugin: Value | undefined): Pattern[] | undefined {
  if (plugin === undefined || plugin === null) return undefined;
  if (!isDict(plugin)) return refuse(`argument 'plugin' is no dictionary, but ${typeName(plugin)}`);
  const name = plugin.get('name') ?? NATIVE;
  if (str(name) !== NATIVE) refuse(`fact_diff: the plugin '${str(name)}' is not supported, only ${NATIVE} is`);
  const vars = plugin.get('vars') ?? new Map();
  if (!isDict(vars)) return refuse("argument 'plugin.vars' is no dictionary");
  for (const key of vars.keys())
    if (key !== 'skip_lines') refuse(`plugin.vars.${str(key)}. Supported parameters include: skip_lines.`);
  const patterns = vars.get('skip_lines') ?? null;
  if (patterns === null) return undefined;
  return (Array.isArray(patterns) ? patterns : [patterns]).map((pattern) => compile(str(pattern)));
}

function ended(lines: readonly Value[]): string {
  return `${lines.map(str).join('\n')}\n`;
}

/** A value as lines of text: a dict as JSON, a list as its items. Where lines are skipped, a dict is its keys. */
function textOf(value: Value, skip: readonly Pattern[] | undefined): string {
  if (value === null) return '';
  if (skip === undefined && isDict(value)) return `${dumpJson(value, { indent: 4, sortKeys: true })}\n`;
  if (skip === undefined && isText(value)) return str(value);
  const lines = isText(value) ? splitLines(str(value)) : isDict(value) ? [...value.keys()] : value;
  if (!Array.isArray(lines)) return refuse(`'${typeName(value)}' object has no attribute 'splitlines'`);
  return ended(lines.filter((line) => skip?.some((pattern) => pattern.match(str(line)) !== undefined) !== true));
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}

function factDiff(input: Value, [after, plugin, common]: Bound): Value {
  const skip = skipped(plugin);
  const onlyCommon = boolArgument(common, 'common', false);
  const [old, next] = [textOf(input, skip), textOf(after ?? null, skip)];
  const patch = structuredPatch('', '', old, next, undefined, undefined, {
    context: Number.MAX_SAFE_INTEGER,
    timeout: PATIENCE,
  });
  if (patch === undefined) throw new Fault('LimitError', 'fact_diff: the two differ in too many lines to be compared');
  const { hunks } = patch;
  const lines = onlyCommon || hunks.length === 0 ? [] : ['--- before', '+++ after'];
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    lines.push(...hunk.lines.filter((line) => !onlyCommon || line.startsWith(' ')));
  }
  // The list's text is the answer, as the filter of that name gives it.
  return repr(hunks.length === 0 ? [] : [...lines, '']);
}

export const factDiffs: FilterTable = [filter('fact_diff', ['after', 'plugin?', 'common?'], factDiff)];

// The part of a result line after `=>`: which keys are shown at which verbosity, and in which form.

import type { HostResult } from '../model/event.ts';
import { jsonText } from '../model/json-text.ts';
import type { Json, JsonObject } from '../model/value.ts';
import type { Look } from './look.ts';

const NEVER = new Set(['failed', 'skipped', 'exception', 'warnings', 'deprecations']);
/** Keys that only -vvv shows. */
const DETAIL = new Set(['invocation', 'diff']);

const ADDED = new Set(['changed', 'failed', 'failed_when_result', 'changed_when_result']);

export type Shown = Pick<HostResult, 'registered' | 'result' | 'task'>;

/** True when the line of an ok, changed or skipped result carries the result itself. */
export function showsResult(look: Look, shown: Shown): boolean {
  return look.verbosity > 0 || (Boolean(shown.result.verboseAlways) && shown.registered['censored'] === undefined);
}

/** The result as JSON on one line, or indented where the verbosity, the task or a setting wants it; YAML begins on a line of its own. */
export function resultText(look: Look, shown: Shown): string {
  const full = Boolean(shown.result.verboseAlways) && shown.registered['censored'] === undefined;
  return format(look, visible(look, shown), full);
}

/** The result of a loop as a whole, where the line of the host shows it. */
export function loopText(look: Look, shown: Shown): string {
  const { results: _items, ...rest } = visible(look, shown);
  return format(look, rest, false);
}

function format(look: Look, value: JsonObject, full: boolean): string {
  const pretty = look.formatPretty ?? (full || look.verbosity > 2);
  if (look.resultFormat === 'yaml') return `\n${look.yaml(value).replace(/^(?=.)/gm, '    ')}`;
  return jsonText(value, { sortKeys: true, indent: pretty ? 4 : undefined });
}

function visible(look: Look, { task, result, registered }: Shown): JsonObject {
  if (!task.bare || result.status === 'skipped' || registered['censored'] !== undefined) return strip(look, registered);
  return Object.fromEntries(Object.entries(result.data).filter(([key]) => !ADDED.has(key) && !NEVER.has(key)));
}

function strip(look: Look, value: JsonObject): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key.startsWith('_ansible_') || NEVER.has(key)) continue;
    if (DETAIL.has(key) && look.verbosity < 3) continue;
    kept[key] = item;
  }
  return kept;
}

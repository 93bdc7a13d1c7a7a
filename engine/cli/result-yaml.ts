// Results as YAML, for callback_result_format=yaml: the reference's own layout, which PyYAML's rules decide.

import { fromJson, type Json, type JsonObject } from '../model/value.ts';
import { dump } from '../template/python/yaml/emit.ts';

/**
 * A result as YAML without a newline at its end. Text with line breaks becomes a block; without `exact` it loses the white
 * space at the ends of its lines, so that it always can.
 */
export function resultYaml(value: JsonObject, exact: boolean): string {
  const shown = exact ? value : trimmed(value);
  return dump(fromJson(shown), { indent: exact ? 2 : 4, flow: false, sortKeys: true, literalLines: true }).trimEnd();
}

function trimmed(value: Json): Json {
  if (typeof value === 'string') return value.includes('\n') ? value.replace(/[ \t]+$/gm, '').trimEnd() : value;
  if (Array.isArray(value)) return value.map(trimmed);
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, trimmed(item)]));
}

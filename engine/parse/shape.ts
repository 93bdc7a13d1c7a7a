// Small questions about nodes that every construct asks: what kind of thing is it, and what does it say as text.

import { PlaybookError } from '../model/errors.ts';
import type { Located } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import { type Dict, Float, Template, type Value } from '../model/value.ts';
import type { Entry, MapNode, SeqNode, YamlNode } from './yaml.ts';

/** What a value is called in messages. */
export function kindOf(value: Value): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'a dictionary';
  if (typeof value === 'boolean') return 'a boolean';
  if (value instanceof Float) return 'a float';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  return 'a string';
}

export function isText(value: Value): value is string | Template {
  return typeof value === 'string' || value instanceof Template;
}

/** The characters of text, rendered or not. */
export function sourceOf(value: string | Template): string {
  return typeof value === 'string' ? value : value.text;
}

export function located(node: YamlNode): Located {
  return { value: node.value, position: node.position };
}

export function asMap(node: YamlNode): MapNode | undefined {
  return node.kind === 'map' ? node : undefined;
}

/** The items of a list node; undefined when it is none. */
export function asList(node: YamlNode): SeqNode | undefined {
  return node.kind === 'seq' && Array.isArray(node.value) ? node : undefined;
}

export function entry(map: MapNode, key: string): Entry | undefined {
  return map.entries.get(key);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PYTHON_VALUES = new Set(['False', 'None', 'True']);

/** Ansible's rule for the names of variables. */
export function isVariableName(name: Value): name is string {
  return typeof name === 'string' && IDENTIFIER.test(name) && !PYTHON_VALUES.has(name);
}

/** The `vars` of a play, role, block or task. Throws PlaybookError when it is no dictionary of variables. */
export function readVars(node: YamlNode | undefined, owner: string): Dict {
  if (!node || node.value === null) return new Map();
  const map = asMap(node);
  if (!map)
    throw new PlaybookError(`Vars in a ${owner} must be specified as a dictionary.`, { position: node.position });
  for (const [name, { keyPosition }] of map.entries) {
    if (!isVariableName(name)) throw invalidName(name, keyPosition);
  }
  return map.value;
}

function invalidName(name: Value, position: Position): PlaybookError {
  return new PlaybookError(`Invalid variable name '${String(name)}'.`, {
    position,
    exitCode: 1,
    hint: 'The name of a variable begins with a letter or underscore and holds letters, digits and underscores; True, False and None are none.',
  });
}

// `loop`, `with_<lookup>` and `loop_control` of a task.

import { PlaybookError } from '../model/errors.ts';
import type { Loop } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import type { Dict, Value } from '../model/value.ts';
import { isWith } from './action.ts';
import type { Load } from './context.ts';
import { unknownKeyword } from './keyword.ts';
import { nearest } from './near.ts';
import { asMap, entry, kindOf, located } from './shape.ts';
import type { MapNode, YamlNode } from './yaml.ts';

const CONTROLS = new Set(['loop_var', 'index_var', 'label', 'pause', 'extended', 'extended_allitems', 'break_when']);
const TEXTS = new Set(['loop_var', 'index_var', 'label']);

/** The loop of a task; undefined when it has none. Throws PlaybookError. */
export function readLoop(task: MapNode, load: Load): Loop | undefined {
  const loop = entry(task, 'loop');
  const control = readControl(entry(task, 'loop_control')?.node);
  let found: Loop | undefined =
    loop && loop.node.value !== null ? { lookup: undefined, items: located(loop.node), control } : undefined;
  for (const [key, { node, keyPosition }] of task.entries) {
    if (!isWith(key)) continue;
    const lookup = key.slice('with_'.length);
    if (!load.options.isLookup(lookup)) throw unknownKeyword(key, 'Task', undefined, keyPosition);
    if (found) throw new PlaybookError(`duplicate loop in task: ${lookup}`, { position: keyPosition, exitCode: 1 });
    if (node.value === null)
      throw new PlaybookError(`you must specify a value when using ${key}`, { position: keyPosition, exitCode: 1 });
    found = { lookup, items: located(node), control };
  }
  return found;
}

function readControl(node: YamlNode | undefined): Dict {
  if (!node) return new Map();
  const map = asMap(node);
  if (!map)
    throw new PlaybookError(
      'the `loop_control` value must be specified as a dictionary and cannot be a variable itself (though it can contain variables)',
      { position: node.position },
    );
  for (const [name, { keyPosition, node: item }] of map.entries) {
    if (typeof name !== 'string' || !CONTROLS.has(name)) throw unknownControl(name, keyPosition);
    if (TEXTS.has(name) && (Array.isArray(item.value) || item.value instanceof Map))
      throw new PlaybookError(
        `The field '${name}' is supposed to be a string type, however the incoming data structure is ${kindOf(item.value)}`,
        { position: item.position },
      );
  }
  return map.value;
}

function unknownControl(name: Value, position: Position): PlaybookError {
  const near = typeof name === 'string' ? nearest(name, CONTROLS) : undefined;
  return new PlaybookError(`'${String(name)}' is not a valid attribute for a LoopControl`, {
    position,
    hint: near ? `Did you mean '${near}'?` : undefined,
  });
}

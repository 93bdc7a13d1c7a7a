// Keywords of a play, role, block or task: known at that level, of the right kind, and kept with their places.

import { PlaybookError } from '../model/errors.ts';
import { KEYWORD_BY_NAME, KEYWORDS, type Keyword, type Level } from '../model/keywords.ts';
import type { Located } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import { Template, trusted, Unsafe, type Value } from '../model/value.ts';
import type { Load } from './context.ts';
import { nearest } from './near.ts';
import { isText, isVariableName, kindOf, located, sourceOf } from './shape.ts';
import type { Entry, YamlNode } from './yaml.ts';

/** Whose keywords are read, as messages call it. */
export type Owner =
  | 'Play'
  | 'PlaybookInclude'
  | 'Role'
  | 'RoleInclude'
  | 'Block'
  | 'Task'
  | 'Handler'
  | 'TaskInclude'
  | 'IncludeRole'
  | 'LoopControl';

const TRUTHS = new Set(['yes', 'no', 'on', 'off', 'true', 'false', 'y', 'n', 't', 'f', '1', '0']);

/** The keyword of a name at a level. */
export function keywordAt(name: Value, level: Level): Keyword | undefined {
  const keyword = typeof name === 'string' ? KEYWORD_BY_NAME.get(name) : undefined;
  return keyword?.levels.includes(level) ? keyword : undefined;
}

/** Names of all keywords at a level. */
export function keywordNames(level: Level): string[] {
  return KEYWORDS.filter((keyword) => keyword.levels.includes(level)).map((keyword) => keyword.name);
}

/** The refusal of a keyword that this construct does not have. */
export function unknownKeyword(name: Value, owner: Owner, level: Level | undefined, position: Position): PlaybookError {
  const known = level ? keywordNames(level) : [];
  const near = typeof name === 'string' ? nearest(name, known) : undefined;
  return new PlaybookError(`'${String(name)}' is not a valid attribute for a ${owner}`, {
    position,
    hint: near ? `Did you mean '${near}'?` : undefined,
  });
}

/**
 * Checks one keyword's value as far as Ansible does at load, and puts it into directives. A wrong type is an error of a
 * `strict` owner (a play), and of the task that comes to use it otherwise. Throws PlaybookError.
 */
export function readKeyword(keyword: Keyword, { node }: Entry, load: Load, strict = false): Located {
  const { value, position } = node;
  switch (keyword.type) {
    case 'string':
      if (keyword.name !== 'register' && (Array.isArray(value) || value instanceof Map))
        throw new PlaybookError(
          `The field '${keyword.name}' is supposed to be a string type, however the incoming data structure is ${kindOf(value)}`,
          { position },
        );
      break;
    case 'bool':
      if (!isBoolLike(value)) doubtType(load, keyword, 'a boolean', node, strict);
      break;
    case 'int':
    case 'float':
      if (!isNumberLike(value)) doubtType(load, keyword, 'a number', node, strict);
      break;
  }
  switch (keyword.name) {
    case 'tags':
      return { value: readTags(node), position };
    case 'register':
      if (value !== null && !isVariableName(value))
        throw new PlaybookError(
          `Invalid 'register' specified: Invalid variable name '${isText(value) ? sourceOf(value) : kindOf(value)}'.`,
          {
            position,
          },
        );
      break;
    case 'collections':
    case 'listen':
      checkTexts(keyword, node);
      break;
    case 'module_defaults':
      checkModuleDefaults(node);
      break;
  }
  return located(node);
}

/** Tags as a list, comma lists split. Throws PlaybookError when they are neither text nor a list. */
export function readTags(node: YamlNode): Value[] {
  if (isText(node.value)) return splitTags(node.value);
  if (!Array.isArray(node.value))
    throw new PlaybookError('tags must be specified as a list', { position: node.position, exitCode: 1 });
  return node.value.flatMap((tag) => (isText(tag) ? splitTags(tag) : [tag]));
}

function splitTags(value: string | Template): Value[] {
  const position = value instanceof Template ? value.position : undefined;
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of sourceOf(value)) {
    if (char === '{') depth++;
    else if (char === '}') depth--;
    if (char === ',' && depth <= 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  parts.push(part);
  return parts.map((text) => (value instanceof Unsafe ? text.trim() : trusted(text.trim(), position)));
}

/** Keywords whose items can be nothing but text. */
function checkTexts(keyword: Keyword, node: YamlNode): void {
  const items = node.kind === 'seq' ? node.items : [node];
  for (const item of items) {
    if (item.value !== null && !isText(item.value))
      throw new PlaybookError(`Keyword '${keyword.name}' items must be of type 'str', not ${kindOf(item.value)}.`, {
        position: item.position,
      });
  }
}

function checkModuleDefaults(node: YamlNode): void {
  const maps = node.kind === 'seq' ? node.items : [node];
  for (const map of maps) {
    const templated =
      map.kind === 'map' && [...map.entries.keys()].some((key) => typeof key !== 'string' || key.includes('{{'));
    if (map.value !== null && (map.kind !== 'map' || templated))
      throw new PlaybookError(
        "The field 'module_defaults' is supposed to be a dictionary or list of dictionaries, the keys of which must be static action, module, or group names. Only the values may contain templates. For example: {'ping': \"{{ ping_defaults }}\"}",
        { position: map.position },
      );
  }
}

function isBoolLike(value: Value): boolean {
  if (value === null || typeof value === 'boolean' || value instanceof Template) return true;
  return TRUTHS.has(String(value).toLowerCase());
}

function isNumberLike(value: Value): boolean {
  if (value === null || value instanceof Template || typeof value === 'boolean') return true;
  if (Array.isArray(value) || value instanceof Map) return false;
  return /^\s*[-+]?\d+(?:\.\d*)?%?\s*$/.test(String(value instanceof Object && 'value' in value ? value.value : value));
}

/** Ansible finds a wrong type when it comes to the play or task: it would be a pity not to say it before. */
function doubtType(load: Load, keyword: Keyword, wanted: string, node: YamlNode, strict: boolean): void {
  const { value, position } = node;
  const what = `The keyword '${keyword.name}' takes ${wanted}, and this is ${kindOf(value)}`;
  if (strict) throw new PlaybookError(`${what}.`, { position });
  load.options.warn(`${what}: it will fail when it is used.`, position);
}

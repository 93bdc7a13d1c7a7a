// One entry of a list of tasks or handlers that is no block: a task, or what an import brings in its place.

import type { PlaybookError } from '../model/errors.ts';
import type { Directives, Located, Node, Task } from '../model/playbook.ts';
import type { Dict, Value } from '../model/value.ts';
import { baseName, type FoundAction, findAction, isWith } from './action.ts';
import type { Load, Where } from './context.ts';
import { importRole, importTasks } from './imports.ts';
import { checkInclude, isInclude, normalInclude } from './include.ts';
import { keywordAt, type Owner, readKeyword, unknownKeyword } from './keyword.ts';
import { readLoop } from './loop.ts';
import { entry, readVars } from './shape.ts';
import type { MapNode } from './yaml.ts';

/** Keywords that make the task itself and stand in fields of their own. */
const STRUCTURE = new Set(['action', 'local_action', 'args', 'loop', 'loop_control', 'vars', 'name']);

/** Reads a task. Throws PlaybookError. */
export async function readTask(node: MapNode, where: Where, load: Load): Promise<Node> {
  const action = findAction(node, where, load);
  const base = baseName(action.name);
  const owner = ownerOf(base, where);
  if (isInclude(base)) checkInclude(node, action, base, where);
  const { directives, name } = readDirectives(node, where, owner, load);
  const vars = readVars(entry(node, 'vars')?.node, owner);
  const loop = readLoop(node, load);
  if (base === 'import_tasks') return importTasks({ node, action, directives, name, vars }, where, load);
  if (base === 'import_role') return importRole({ node, action, directives, name, vars }, where, load);
  const task: Task = {
    kind: 'task',
    position: node.position,
    name,
    action: action.name,
    actionPosition: action.position,
    ...(isInclude(base) ? normalInclude(action, base) : { args: action.args, freeForm: action.freeForm }),
    argPositions: action.argPositions,
    directives: action.local ? delegated(directives, action) : directives,
    vars,
    loop,
    handler: where.handler,
    role: where.role,
    parent: where.parent,
    file: where.file,
  };
  return task;
}

/** What the statement of an import holds. */
export interface Statement {
  readonly node: MapNode;
  readonly action: FoundAction;
  readonly directives: Directives;
  readonly name: Located | undefined;
  readonly vars: Dict;
}

function ownerOf(base: string, where: Where): Owner {
  if (base === 'include_tasks' || base === 'import_tasks') return 'TaskInclude';
  if (base === 'include_role' || base === 'import_role') return 'IncludeRole';
  return where.handler ? 'Handler' : 'Task';
}

function readDirectives(
  node: MapNode,
  where: Where,
  owner: Owner,
  load: Load,
): { directives: Directives; name: Located | undefined } {
  const level = where.handler ? 'handler' : 'task';
  const directives: Record<string, Located> = {};
  let name: Located | undefined;
  for (const [key, item] of node.entries) {
    if (isWith(key)) continue;
    const keyword = keywordAt(key, level);
    if (!keyword) {
      if (key !== 'static' && key !== 'listen') continue;
      refuse(unknownKeyword(key, owner, level, item.keyPosition), load);
      continue;
    }
    const value = readKeyword(keyword, item, load);
    if (keyword.name === 'name') name = item.node.value === null ? undefined : value;
    else if (!STRUCTURE.has(keyword.name)) directives[keyword.field] = value;
  }
  return { directives, name };
}

/** An unknown keyword is fatal, unless the setting makes it a warning. */
function refuse(error: PlaybookError, load: Load): void {
  if (load.options.refuseUnknownKeywords ?? true) throw error;
  load.options.warn(error.message, error.position);
}

/** `local_action` is `delegate_to: localhost`. */
function delegated(directives: Directives, action: FoundAction): Directives {
  return { ...directives, delegateTo: { value: 'localhost' satisfies Value, position: action.position } };
}

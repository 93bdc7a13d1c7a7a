// include_tasks and include_role: their own rules at load, though what they bring is read at run time.

import { PlaybookError } from '../model/errors.ts';
import type { Dict, Value } from '../model/value.ts';
import type { FoundAction } from './action.ts';
import type { Where } from './context.ts';
import { unknownKeyword } from './keyword.ts';
import { isText, kindOf } from './shape.ts';
import type { MapNode } from './yaml.ts';

/** An include is a task of few keywords: what it brings takes the others through `apply`. */
const KEYWORDS_OF_INCLUDES = new Set([
  'action',
  'args',
  'collections',
  'debugger',
  'ignore_errors',
  'loop',
  'loop_control',
  'name',
  'no_log',
  'register',
  'run_once',
  'tags',
  'timeout',
  'vars',
  'when',
]);
const ROLE_OPTIONS = [
  'name',
  'role',
  'tasks_from',
  'vars_from',
  'defaults_from',
  'handlers_from',
  'allow_duplicates',
  'public',
  'rolespec_validate',
];
const OPTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  include_tasks: new Set(['file', 'apply', '_raw_params']),
  import_tasks: new Set(['file', 'apply', '_raw_params']),
  include_role: new Set([...ROLE_OPTIONS, 'apply']),
  import_role: new Set([...ROLE_OPTIONS, 'apply']),
};

export function isInclude(base: string): boolean {
  return base in OPTIONS;
}

/** Checks keywords and options of include_* and import_*. Throws PlaybookError. */
export function checkInclude(node: MapNode, action: FoundAction, base: string, where: Where): void {
  const static_ = base.startsWith('import_');
  const owner = base.endsWith('_role') ? 'IncludeRole' : 'TaskInclude';
  for (const [key, item] of node.entries) {
    const name = String(key);
    const looping = name === 'loop' || name.startsWith('with_');
    if (static_ && looping)
      throw new PlaybookError(
        `You cannot use loops on '${action.name}' statements. You should use '${action.name.replace('import_', 'include_')}' instead.`,
        { position: item.keyPosition },
      );
    if (static_ || name === action.name || name === 'static' || name.startsWith('with_')) continue;
    const allowed = KEYWORDS_OF_INCLUDES.has(name) || (where.handler && name === 'listen');
    if (!allowed) throw unknownKeyword(name, owner, undefined, item.keyPosition);
  }
  if (where.handler && base.endsWith('_role'))
    throw new PlaybookError(`Using '${action.name}' as a handler is not supported.`, { position: node.position });
  checkOptions(node, action, base);
}

function checkOptions(node: MapNode, action: FoundAction, base: string): void {
  const { args } = action;
  if (!(args instanceof Map)) return;
  const wrong = [...args.keys()].map(String).filter((key) => !OPTIONS[base]!.has(key));
  if (wrong.length > 0)
    throw new PlaybookError(`Invalid options for ${action.name}: ${wrong.join(',')}`, {
      position: action.argPositions.get(wrong[0]!) ?? node.position,
      hint: 'Variables for what is brought in stand under `vars:`.',
    });
  const apply = args.get('apply');
  if (apply !== undefined && apply !== null && !(apply instanceof Map))
    throw new PlaybookError(`Expected a dict for apply but got ${kindOf(apply)} instead`, { position: node.position });
  if (base.endsWith('_tasks')) {
    if (isEmpty(action.freeForm) && isEmpty(args.get('file')))
      throw new PlaybookError(`No file specified for ${action.name}`, { position: node.position });
    return;
  }
  if (isEmpty(args.get('name')) && isEmpty(args.get('role')))
    throw new PlaybookError(`'name' is a required field for ${action.name}.`, { position: node.position });
  for (const [key, value] of args) {
    if (String(key).endsWith('_from') && !isText(value))
      throw new PlaybookError(`Expected a string for ${String(key)} but got ${kindOf(value)} instead`, {
        position: action.argPositions.get(String(key)) ?? node.position,
      });
  }
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '';
}

/** Arguments of an include in one form: the file of include_tasks is `file`, the role of include_role is `name`. */
export function normalInclude(action: FoundAction, base: string): { args: Dict | Value; freeForm: Value | undefined } {
  if (!(action.args instanceof Map)) return { args: action.args, freeForm: action.freeForm };
  const args = new Map(action.args);
  if (base.endsWith('_tasks')) {
    if (action.freeForm !== undefined && !args.has('file')) args.set('file', action.freeForm);
  } else if (!args.has('name') && args.has('role')) args.set('name', args.get('role')!);
  args.delete('role');
  return { args, freeForm: undefined };
}

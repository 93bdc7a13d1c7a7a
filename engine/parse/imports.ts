// import_tasks and import_role: replaced at load by a block of what they name.

import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { PlaybookError, TemplateError } from '../model/errors.ts';
import { KEYWORDS } from '../model/keywords.ts';
import type { Block, Directives, Role } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import { Template, type Value } from '../model/value.ts';
import { openBlock, readNodes } from './block.ts';
import { flatten, type Load, type Where, within } from './context.ts';
import { normalInclude } from './include.ts';
import { loadRole } from './role.ts';
import { isText, sourceOf } from './shape.ts';
import type { Statement } from './task.ts';

const INHERITED = new Set(KEYWORDS.filter((keyword) => keyword.inherit !== 'own').map((keyword) => keyword.field));

/** Keywords of an import go on to what it brings; its own (register, until ...) have nothing to act on. */
function inheritable(directives: Directives): Directives {
  return Object.fromEntries(Object.entries(directives).filter(([field]) => INHERITED.has(field)));
}

/** The block that an import_tasks stands for. Throws PlaybookError. */
export async function importTasks(statement: Statement, where: Where, load: Load): Promise<Block> {
  const { position } = statement.node;
  const block = openBlock(
    {
      origin: 'import_tasks',
      position,
      name: statement.name,
      directives: inheritable(statement.directives),
      vars: statement.vars,
    },
    where,
  );
  const scope = within(where.scope, statement.vars);
  const args = normalInclude(statement.action, 'import_tasks').args as Map<Value, Value>;
  const name = staticName(args.get('file')!, 'import path', { ...where, scope }, load, position);
  const file = await findTasks(name, where, load, position);
  refuseCycle(file, where, position);
  const opened = { ...block, file };
  const inner: Where = { ...where, file, parent: opened, scope };
  const list = await load.node(file, position);
  opened.body.push(...(await readNodes(list, 'included tasks', inner, load)));
  return opened;
}

/** The block that an import_role stands for. Throws PlaybookError. */
export async function importRole(statement: Statement, where: Where, load: Load): Promise<Block> {
  const { position } = statement.node;
  const block = openBlock(
    {
      origin: 'import_role',
      position,
      name: statement.name,
      directives: inheritable(statement.directives),
      vars: statement.vars,
    },
    where,
  );
  const inner: Where = { ...where, parent: block, scope: within(where.scope, statement.vars) };
  const args = normalInclude(statement.action, 'import_role').args as Map<Value, Value>;
  const text = (key: string): string | undefined => {
    const value = args.get(key);
    return value === undefined || value === null ? undefined : staticName(value, key, inner, load, position, 1);
  };
  const role: Role = await loadRole(
    {
      name: text('name')!,
      position: statement.action.argPositions.get('name') ?? position,
      tasksFrom: text('tasks_from'),
      varsFrom: text('vars_from'),
      defaultsFrom: text('defaults_from'),
      handlersFrom: text('handlers_from'),
      allowDuplicates: args.has('allow_duplicates') ? isTrue(args.get('allow_duplicates')!) : true,
      public: args.has('public') ? isTrue(args.get('public')!) : true,
      validate: args.has('rolespec_validate') ? isTrue(args.get('rolespec_validate')!) : true,
    },
    inner,
    load,
  );
  block.body.push(...role.blocks);
  return block;
}

function isTrue(value: Value): boolean {
  return value === true || (isText(value) && /^(?:yes|true|on|1|y|t)$/i.test(sourceOf(value)));
}

/** A name rendered at load. Throws PlaybookError, with this exit code, when it needs what is not known yet. */
export function staticName(
  value: Value,
  what: string,
  where: Where,
  load: Load,
  position: Position,
  exitCode = 4,
): string {
  if (!(value instanceof Template)) return String(value);
  try {
    return String(load.options.renderStatic(value, flatten(where.scope, where)));
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new PlaybookError(`Error when evaluating variable in ${what} '${value.text}': ${error.message}`, {
      position: value.position ?? position,
      exitCode,
      hint: 'Imports are read before the play begins: they know extra vars and the variables of play and role, not those of hosts. Use include_tasks or include_role for names that depend on a host.',
      cause: error,
    });
  }
}

/**
 * The tasks file that a name means: beside the file that names it, in the role's tasks, beside the playbook.
 * @throws PlaybookError (exit code 1) with the places searched
 */
export async function findTasks(
  name: string,
  where: Where,
  load: Load,
  position: Position | undefined,
): Promise<string> {
  const candidates = candidatesFor(name, where);
  for (const candidate of candidates) if ((await load.files.kind(candidate)) === 'file') return candidate;
  throw new PlaybookError(`Could not find or access '${candidates[0]}' on the Ansible Controller.`, {
    position,
    exitCode: 1,
    hint: `Searched: ${candidates.join(', ')}`,
  });
}

function candidatesFor(name: string, where: Where): string[] {
  if (isAbsolute(name)) return [normalize(name)];
  if (name.startsWith('~/')) return [join(process.env['HOME'] ?? '/root', name.slice(2))];
  const places = [dirname(where.file)];
  if (where.role) {
    const folder = where.handler ? 'handlers' : 'tasks';
    places.push(join(where.role.path, folder), where.role.path);
  }
  places.push(join(where.playbookDir, where.handler ? 'handlers' : 'tasks'), where.playbookDir);
  return [...new Set(places.map((place) => resolve(place, name)))];
}

/** A file that imports itself would never end. */
function refuseCycle(file: string, where: Where, position: Position): void {
  for (let block = where.parent; block; block = block.parent) {
    if (block.origin === 'import_tasks' && block.file === file)
      throw new PlaybookError(`The file '${file}' imports itself.`, { position });
  }
}

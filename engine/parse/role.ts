// A role's folder -> Role: found by name, with defaults, vars, handlers, dependencies and the tasks of one entry point.

import { basename, join, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Block, Directives, Node, Role } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import { type Dict, keyText, toJson, type Value } from '../model/value.ts';
import { findArgumentSpec, validationTask } from './argspec.ts';
import { openBlock, readNodes } from './block.ts';
import { type Load, type Where, within } from './context.ts';
import { readMeta } from './meta.ts';
import { findRole } from './search.ts';
import { readVarsPath } from './varsfile.ts';

/** How a role is used at one place. */
export interface Use {
  readonly name: string;
  readonly position: Position;
  readonly tasksFrom?: string | undefined;
  readonly varsFrom?: string | undefined;
  readonly defaultsFrom?: string | undefined;
  readonly handlersFrom?: string | undefined;
  readonly allowDuplicates?: boolean | undefined;
  readonly public?: boolean | undefined;
  readonly validate?: boolean | undefined;
  readonly params?: Dict | undefined;
  readonly directives?: Directives | undefined;
  readonly vars?: Dict | undefined;
  /** Named in another role's metadata. */
  readonly dependency?: boolean | undefined;
}

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Loads a role with its dependencies for the place where it is used. Throws PlaybookError. */
export async function loadRole(use: Use, where: Where, load: Load): Promise<Role> {
  const found = await findRole(use.name, use.position, where, load);
  const entryPoint = stripExtension(use.tasksFrom ?? 'main');
  refuseRecursion(found.path, entryPoint, where, use.position);
  load.options.countBeside(found.path);
  const meta = await readMeta(found.path, load);
  const folder = (name: string): string => join(found.path, name);
  const defaults = await readPart(folder('defaults'), use.defaultsFrom, load);
  const vars = await readPart(folder('vars'), use.varsFrom, load);
  const params = use.params ?? new Map();
  const role: Open<Role> = {
    name: found.name,
    collection: found.collection,
    path: found.path,
    position: use.position,
    defaults,
    vars,
    params,
    dependencies: [],
    argumentSpec: undefined,
    entryPoint,
    handlers: [],
    tasks: [],
    blocks: [],
    identity: identify(found.path, use),
    allowDuplicates: use.allowDuplicates ?? meta.allowDuplicates,
    collections: meta.collections,
    parents: where.role && !use.dependency ? [where.role.name, ...where.role.parents] : [],
    chain: where.role ? [...where.role.chain, where.role] : [],
    public: use.public ?? true,
  };
  const own = found.collection ? [found.collection] : [];
  const inner: Where = {
    ...where,
    role,
    collections: [
      ...own,
      ...meta.collections.filter((name) => !own.includes(name)),
      ...(own.length > 0 ? [] : where.collections),
    ],
    scope: within({ defaults: [...where.scope.defaults, defaults], vars: [...where.scope.vars, vars] }, params),
  };
  // What is said of a role (tags, when, become ...) is said of those it depends on: a block above them that is not run.
  const above = openBlock({ origin: 'block', position: use.position, directives: use.directives ?? {} }, where);
  const blocks: Block[] = [];
  const dependencies: Role[] = [];
  for (const dependency of meta.dependencies(inner, load)) {
    const loaded = await load.attempt(() => loadRole(dependency, { ...inner, parent: above }, load));
    if (!loaded) continue;
    dependencies.push(loaded);
    blocks.push(...loaded.blocks);
  }
  role.dependencies = dependencies;
  await fill(role, use, inner, blocks, load);
  return role;
}

async function fill(
  role: Open<Role>,
  use: Use,
  where: Where,
  dependencies: readonly Block[],
  load: Load,
): Promise<void> {
  const tasksFile = await findPart(join(role.path, 'tasks'), use.tasksFrom, load);
  const file = tasksFile ?? join(role.path, 'tasks', 'main.yml');
  const block = openBlock(
    { origin: 'role', position: use.position, directives: use.directives ?? {}, vars: use.vars ?? new Map(), role },
    { ...where, file },
  );
  const inner: Where = {
    ...where,
    file,
    parent: block,
    scope: within(where.scope, use.vars ?? new Map()),
    handler: false,
  };
  const spec = use.validate === false ? undefined : await findArgumentSpec(role.path, role.entryPoint, load);
  role.argumentSpec = spec?.options;
  if (spec) block.body.push(validationTask(spec, role, inner, load));
  if (tasksFile) {
    const list = await load.node(tasksFile, use.position);
    const tasks = await load.attempt(() => readNodes(list, 'role tasks', inner, load));
    block.body.push(...(tasks ?? []));
  }
  role.tasks = block.body;
  role.handlers = await readHandlers(role, use, { ...where, parent: block }, load);
  role.blocks = [...dependencies, block];
}

async function readHandlers(role: Role, use: Use, where: Where, load: Load): Promise<readonly Node[]> {
  const file = await findPart(join(role.path, 'handlers'), use.handlersFrom, load);
  if (!file) return [];
  const list = await load.node(file, use.position);
  const inner: Where = { ...where, file, handler: true };
  return (await load.attempt(() => readNodes(list, 'role handlers', inner, load))) ?? [];
}

const EXTENSIONS = ['.yml', '.yaml', '.json', ''];

/** A role's file: `main`, or the one asked for. Throws PlaybookError when one is asked for and is not there. */
async function findPart(folder: string, from: string | undefined, load: Load): Promise<string | undefined> {
  for (const extension of from === undefined ? EXTENSIONS : ['', ...EXTENSIONS]) {
    const path = resolve(folder, `${from ?? 'main'}${extension}`);
    if ((await load.files.kind(path)) === 'file') return path;
  }
  if (from === undefined) return undefined;
  throw new PlaybookError(`Could not find specified file in role: ${basename(folder)}/${from}`, {
    hint: `Searched in ${folder}.`,
  });
}

/** Variables of a role: `main` as file or folder, or the file asked for. */
async function readPart(folder: string, from: string | undefined, load: Load): Promise<Dict> {
  for (const extension of from === undefined ? EXTENSIONS : ['', ...EXTENSIONS]) {
    const path = resolve(folder, `${from ?? 'main'}${extension}`);
    if ((await load.files.kind(path)) === undefined) continue;
    return readVarsPath(path, load);
  }
  if (from === undefined) return new Map();
  throw new PlaybookError(`Could not find specified file in role: ${basename(folder)}/${from}`, {
    hint: `Searched in ${folder}.`,
  });
}

function stripExtension(name: string): string {
  return name.replace(/\.(?:yml|yaml|json)$/, '');
}

/**
 * An entry point of a role that needs itself, by whatever way, would never end; another one of the same role may be imported,
 * and including itself at run time is the user's affair.
 */
function refuseRecursion(path: string, entryPoint: string, where: Where, position: Position): void {
  const open = where.role === undefined ? [] : [...where.role.chain, where.role];
  if (open.some((role) => role.blocks.length === 0 && role.path === path && role.entryPoint === entryPoint))
    throw new PlaybookError(
      'A recursion loop was detected with the roles specified. Make sure child roles do not have dependencies on parent roles',
      { position, hint: `The way here: ${[...open.map((role) => role.name), basename(path)].join(' -> ')}` },
    );
}

/** Two uses with equal text are one: it is what decides whether a role has run already. */
function identify(path: string, use: Use): string {
  const values: Value[] = [use.params ?? new Map(), use.vars ?? new Map()];
  for (const [field, value] of Object.entries(use.directives ?? {})) values.push(field, value?.value ?? null);
  return [
    path,
    use.tasksFrom ?? '',
    use.varsFrom ?? '',
    use.defaultsFrom ?? '',
    use.handlersFrom ?? '',
    JSON.stringify(values.map(toJson), (_, item) => (typeof item === 'bigint' ? keyText(item) : item)),
  ].join('\0');
}

// Which key of a task is its action, and what its arguments are, in all the ways that Ansible lets people write them.

import { PlaybookError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';
import { type Dict, Template, trusted, Unsafe, type Value } from '../model/value.ts';
import type { Load, Where } from './context.ts';
import { splitFreeForm } from './freeform.ts';
import { keywordAt, keywordNames } from './keyword.ts';
import { nearest } from './near.ts';
import { entry, isText, kindOf, sourceOf } from './shape.ts';
import type { MapNode, YamlNode } from './yaml.ts';

export interface FoundAction {
  readonly name: string;
  readonly position: Position;
  readonly args: Dict | Value;
  readonly freeForm: Value | undefined;
  readonly argPositions: ReadonlyMap<string, Position>;
  /** Written as `local_action`. */
  readonly local: boolean;
}

const COMMANDS = new Set(['command', 'shell', 'raw', 'script', 'win_command', 'win_shell']);
/** Actions whose free form is their own affair; for all others text that is no `k=v` may only be one whole template. */
const FREE_FORMS = new Set([
  ...COMMANDS,
  'add_host',
  'group_by',
  'import_role',
  'import_tasks',
  'include_role',
  'include_tasks',
  'include_vars',
  'meta',
  'set_fact',
]);
/** Words of the language that are no modules: the parser itself carries them out. */
const IMPORTS = new Set(['import_role', 'import_tasks']);
const BUILTIN = /^ansible\.(?:builtin|legacy|windows)\./;

/** The short name of an action of Ansible's own collection; other names as they are. */
export function baseName(action: string): string {
  return action.replace(BUILTIN, '');
}

function isKnown(name: string, where: Where, load: Load): boolean {
  return IMPORTS.has(baseName(name)) || load.options.isAction(name, where.collections);
}

/** The action of a task. Throws PlaybookError. */
export function findAction(task: MapNode, where: Where, load: Load): FoundAction {
  const action = entry(task, 'action');
  const local = entry(task, 'local_action');
  if (action && local)
    throw new PlaybookError('action and local_action are mutually exclusive', { position: task.position });
  if (local && entry(task, 'delegate_to'))
    throw new PlaybookError('delegate_to and local_action are mutually exclusive', { position: task.position });
  const level = where.handler ? 'handler' : 'task';
  const candidates = [...task.entries].filter(
    ([name]) => !keywordAt(name, level) && name !== 'static' && name !== 'listen' && !isWith(name),
  );
  const written = local ?? action;
  const names = [...(written ? [firstWord(written.node)] : []), ...candidates.map(([name]) => String(name))];
  if (names.length > 1) throw conflict(names, task, where, load);
  if (written) return fromAction(written.node, local !== undefined, task, where, load);
  const [found] = candidates;
  if (!found) throw new PlaybookError('no module/action detected in task.', { position: task.position });
  const [name, { keyPosition, node }] = found;
  if (typeof name !== 'string')
    throw new PlaybookError(`The name of an action must be a string, and '${String(name)}' is none.`, {
      position: keyPosition,
    });
  return withArgs(resolve(name, keyPosition, where, load), keyPosition, node, false, task);
}

/** Is it a key such as `with_items`? */
export function isWith(name: Value): name is string {
  return typeof name === 'string' && name.startsWith('with_');
}

function firstWord(node: YamlNode): string {
  return isText(node.value) ? (sourceOf(node.value).trim().split(/\s/)[0] ?? '') : 'action';
}

/** Two actions; most often one of them is a keyword with a slip of the pen. */
function conflict(names: readonly string[], task: MapNode, where: Where, load: Load): PlaybookError {
  const unknown = names.filter((name) => !isKnown(name, where, load));
  const [wrong] = unknown;
  const hint = wrong === undefined || unknown.length === names.length ? undefined : slip(wrong, where);
  return new PlaybookError(`conflicting action statements: ${names.join(', ')}`, {
    position:
      (wrong !== undefined && names.length > unknown.length ? entry(task, wrong)?.keyPosition : undefined) ??
      task.position,
    hint: hint ?? 'A task has one action: give each a list item of its own.',
  });
}

function slip(name: string, where: Where): string {
  const level = where.handler ? 'handler' : 'task';
  const near = nearest(name, keywordNames(level));
  return near ? `'${name}' is no keyword: did you mean '${near}'?` : `'${name}' is neither a keyword nor an action.`;
}

/** The action that a key of the task names. Throws PlaybookError when there is none. */
function resolve(name: string, position: Position, where: Where, load: Load): string {
  if (isKnown(name, where, load)) {
    warnOfUnwritten(name, position, where, load);
    return name;
  }
  if (baseName(name) === 'include')
    throw new PlaybookError(
      "The 'ansible.builtin.include' action plugin has been removed. Use include_tasks or import_tasks instead.",
      { position, exitCode: 1, hint: 'Use include_tasks (at run time) or import_tasks (at load).' },
    );
  const near = load.options.nearActions(name);
  throw new PlaybookError(unresolved(name), {
    position,
    hint: near.length > 0 ? `Did you mean ${near.map((other) => `'${other}'`).join(' or ')}?` : undefined,
  });
}

/** A module that nobody has written here fails when it runs: told while nothing has run yet. */
function warnOfUnwritten(name: string, position: Position, where: Where, load: Load): void {
  const full = IMPORTS.has(baseName(name)) ? undefined : load.options.unwritten(name, where.collections);
  if (full === undefined) return;
  load.options.warn(`the module ${full} is not supported by troupe yet: the task fails where it runs`, position);
}

/** The action that `action` or `local_action` names: a template is known, and a wrong name is fatal, only when it runs. */
function resolveLater(name: string, position: Position, where: Where, load: Load): string {
  if (name.includes('{{')) return name;
  if (isKnown(name, where, load)) warnOfUnwritten(name, position, where, load);
  else load.options.warn(unresolved(name), position);
  return name;
}

function unresolved(name: string): string {
  return `couldn't resolve module/action '${name}'. This often indicates a misspelling, missing collection, or incorrect module path.`;
}

/** `action: module k=v`, `action: {module: name, k: v}`. */
function fromAction(node: YamlNode, local: boolean, task: MapNode, where: Where, load: Load): FoundAction {
  if (node.kind === 'map') {
    const module = entry(node, 'module');
    if (!module || !isText(module.node.value))
      throw new PlaybookError('no module/action detected in task.', {
        position: node.position,
        hint: 'Under `action:` the module stands as `module: NAME`.',
      });
    const [name, rest] = cutName(module.node.value);
    const more = splitFreeForm(rest, COMMANDS.has(baseName(name)), module.node.position);
    const entries = new Map([...node.entries].filter(([key]) => key !== 'module'));
    const value: Dict = new Map([
      ...more.args,
      ...[...entries].map(([key, { node: item }]) => [key, item.value] as const),
    ]);
    if (more.raw) value.set('_raw_params', trusted(more.raw, module.node.position));
    const args: MapNode = { kind: 'map', position: node.position, entries, value };
    return withArgs(resolveLater(name, module.node.position, where, load), module.node.position, args, local, task);
  }
  if (!isText(node.value)) throw unexpected(node);
  const [name, rest] = cutName(node.value);
  const text: YamlNode = { kind: 'scalar', position: node.position, value: trusted(rest, node.position) };
  return withArgs(resolveLater(name, node.position, where, load), node.position, text, local, task);
}

/** A name, which may be a template, and what follows it. */
function cutName(value: string | Template): [string, string] {
  const text = sourceOf(value).trim();
  const parts = /^(?:\{\{.*?\}\}|\S)+/.exec(text);
  const name = parts?.[0] ?? '';
  return [name, text.slice(name.length).trim()];
}

function unexpected(node: YamlNode): PlaybookError {
  return new PlaybookError(`unexpected parameter type in action: ${kindOf(node.value)}`, {
    position: node.position,
    hint: 'The arguments of a module are a dictionary, or one line of text.',
  });
}

function withArgs(name: string, position: Position, node: YamlNode, local: boolean, task: MapNode): FoundAction {
  const given = readArgs(name, node);
  const extra = readArgsKeyword(entry(task, 'args')?.node);
  const argPositions = new Map([...extra.positions, ...given.positions]);
  const common = { name, position, freeForm: given.freeForm, argPositions, local };
  if (given.variable === undefined && extra.variable === undefined)
    return { ...common, ...liftRaw(new Map([...extra.args, ...given.args]), given.freeForm) };
  const variable = given.variable ?? extra.variable!;
  const fixed: Dict = new Map([...extra.args, ...given.args]);
  if (fixed.size === 0) return { ...common, args: variable };
  return { ...common, args: new Map<Value, Value>([['_variable_params', variable], ...fixed]) };
}

/** `_raw_params` in a dict is the free form by its inner name. */
function liftRaw(args: Dict, freeForm: Value | undefined): { args: Dict; freeForm: Value | undefined } {
  const raw = args.get('_raw_params');
  if (raw === undefined || freeForm !== undefined) return { args, freeForm };
  const rest = new Map(args);
  rest.delete('_raw_params');
  return { args: rest, freeForm: raw };
}

interface Arguments {
  readonly args: Dict;
  readonly freeForm: Value | undefined;
  /** A whole template that has to become a dict. */
  readonly variable: Template | undefined;
  readonly positions: ReadonlyMap<string, Position>;
}

const NO_ARGS: Arguments = { args: new Map(), freeForm: undefined, variable: undefined, positions: new Map() };

function readArgs(name: string, node: YamlNode): Arguments {
  if (node.value === null) return NO_ARGS;
  if (node.kind === 'map') return { ...NO_ARGS, args: node.value, positions: positionsOf(node) };
  if (!isText(node.value)) throw unexpected(node);
  const text = sourceOf(node.value);
  const base = baseName(name);
  const split = splitFreeForm(text, COMMANDS.has(base), node.position);
  const { raw } = split;
  const mark = marking(node);
  const args: Dict = new Map([...split.args].map(([key, value]) => [key, mark(String(value))]));
  const positions = new Map([...args.keys()].map((key) => [String(key), node.position]));
  if (raw === '') return { args, freeForm: undefined, variable: undefined, positions };
  const value = mark(raw);
  if (!FREE_FORMS.has(base) && value instanceof Template && !(value instanceof Unsafe) && isWholeTemplate(raw))
    return { args, freeForm: undefined, variable: value, positions };
  return { args, freeForm: value, variable: undefined, positions };
}

/** The parts of a text are what it is: templates, or `!unsafe`. */
function marking({ value, position }: YamlNode): (part: string) => string | Template {
  return (part) => (value instanceof Unsafe ? new Unsafe(part, position) : trusted(part, position));
}

/** The keyword `args`. Throws PlaybookError. */
function readArgsKeyword(node: YamlNode | undefined): Arguments {
  if (!node || node.value === null) return NO_ARGS;
  if (node.kind === 'map') return { ...NO_ARGS, args: node.value, positions: positionsOf(node) };
  if (node.value instanceof Template && isWholeTemplate(node.value.text)) return { ...NO_ARGS, variable: node.value };
  throw new PlaybookError('The value of the task `args` keyword is invalid.', {
    position: node.position,
    hint: 'A mapping or template which resolves to a mapping is required.',
  });
}

function positionsOf(map: MapNode): Map<string, Position> {
  return new Map([...map.entries].map(([key, { node }]) => [String(key), node.position]));
}

/** One template from end to end. */
function isWholeTemplate(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith('{{') && trimmed.endsWith('}}');
}

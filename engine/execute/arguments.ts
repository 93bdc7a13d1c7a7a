// From a task's raw arguments to what the module gets: defaults laid beneath, rendered, files found and read, checked.

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ModuleFailure, PlaybookError, TemplateError } from '../model/errors.ts';
import type { Task } from '../model/playbook.ts';
import {
  Float,
  isDict,
  type Json,
  type JsonObject,
  OMIT,
  setOwn,
  Template,
  toJson,
  type Value,
} from '../model/value.ts';
import type { LocalFile, LocalFolder } from '../module/contract.ts';
import { type FoundModule, isControl } from '../module/registry.ts';
import { type Arg, argumentCheck, type Schema, toBool, toText } from '../module/schema.ts';
import { sourceOf } from '../module/source.ts';
import type { Context } from '../template/contract.ts';
import { fileVariables } from '../template/filevariables.ts';
import { decodeBytes, encodeText } from '../template/python/codecs.ts';
import { typeName } from '../template/python/types.ts';
import { joinedItems } from './directives.ts';
import type { Engine } from './engine.ts';
import { telling } from './outcome.ts';
import { decrypted, fileSource, findFile, localSource } from './sources.ts';
import type { PlayRun } from './state.ts';

export interface Arguments {
  /** As the module gets them. */
  readonly checked: JsonObject;
  /** As JSON for `invocation`, with secrets hidden and files by name. */
  readonly shown: JsonObject;
  /** Rendered arguments that an open module takes beside its schema, as values. */
  readonly extra: Map<string, Value>;
  /** What was written of each of those. */
  readonly sources: ReadonlyMap<string, ReadonlySet<Value>>;
}

/** Renders and checks. Throws TemplateError, PlaybookError, ArgumentError, ModuleFailure. */
export async function prepare(
  engine: Engine,
  run: PlayRun,
  task: Task,
  found: FoundModule,
  context: Context,
): Promise<Arguments> {
  const { schema, rules } = found.module;
  const expressions: readonly string[] = 'control' in found.module ? (found.module.expressions ?? []) : [];
  const raw = telling(
    () => finalizing(found),
    () => rawArguments(engine, run, task, found, schema, context),
  );
  const freeForm = task.freeForm === undefined ? undefined : freeFormOf(schema);
  const rendered = new Map<string, Value>();
  for (const [key, value] of raw) {
    if (expressions.includes(nameOf(schema, key))) {
      rendered.set(key, expressionsOf(value, engine, context));
      continue;
    }
    const name = (): string => (key === freeForm ? '_raw_params' : key);
    const done = telling(
      () => `${finalizing(found)}Error while resolving value for '${name()}': `,
      () => engine.templar.render(value, context),
    );
    if (done !== OMIT) rendered.set(key, done);
  }
  const extra = new Map<string, Value>();
  const sources = new Map<string, ReadonlySet<Value>>();
  const plain: Record<string, Json> = {};
  for (const [key, value] of rendered) {
    const known = schema[nameOf(schema, key)] !== undefined;
    if (!known && found.module.open) {
      const name = renderedName(engine, key, context);
      extra.set(name, value);
      sources.set(name, engine.templar.sources(raw.get(key)!, context.scope));
    } else setOwn(plain, key, expressions.includes(nameOf(schema, key)) ? (value as Json) : toJson(value));
  }
  const checked = argumentCheck(schema, rules).check(plain, {
    module: task.action,
    position: task.actionPosition,
    positions: task.argPositions,
  });
  hideSecrets(engine, schema, checked);
  const more = isControl(found.module) ? {} : (toJson(extra) as JsonObject);
  const shown = { ...concealed(schema, checked), ...more };
  return { checked: { ...(await withFiles(engine, task, schema, checked, context)), ...more }, shown, extra, sources };
}

function finalizing(found: FoundModule): string {
  return `Finalization of task args for '${found.name}' failed: `;
}

function freeFormOf(schema: Schema): string | undefined {
  return Object.keys(schema).find((key) => schema[key]!.freeForm);
}

/** Names that a task makes up may be templates: `set_fact: {"{{ prefix }}_dir": ...}`. */
function renderedName(engine: Engine, key: string, context: Context): string {
  return key.includes('{{') ? toText(toJson(engine.templar.render(new Template(key), context))) : key;
}

/** Expressions keep what they are; only a template that gives a list of them is rendered. */
function expressionsOf(value: Value, engine: Engine, context: Context): Value {
  if (!(value instanceof Template)) return value;
  try {
    const list = engine.templar.render(value, context);
    if (!Array.isArray(list)) return value;
    return engine.templar.marked(list, engine.templar.sources(value, context.scope), context.scope);
  } catch (error) {
    if (error instanceof TemplateError) return value;
    throw error;
  }
}

function nameOf(schema: Schema, key: string): string {
  if (schema[key] !== undefined) return key;
  for (const [name, arg] of Object.entries(schema)) if (arg.aliases?.includes(key)) return name;
  return key;
}

function rawArguments(
  engine: Engine,
  run: PlayRun,
  task: Task,
  found: FoundModule,
  schema: Schema,
  context: Context,
): Map<string, Value> {
  const raw = new Map<string, Value>();
  for (const [key, value] of moduleDefaults(engine, run, task, found, context)) raw.set(key, value);
  if (task.freeForm !== undefined) {
    const name = freeFormOf(schema);
    if (name === undefined)
      throw new PlaybookError(`Action '${found.name}' does not support raw params.`, { position: task.position });
    raw.set(name, task.freeForm);
  }
  let args = task.args;
  if (args instanceof Template) args = engine.templar.render(args, context);
  if (typeof args === 'string' || (args !== null && !isDict(args))) {
    throw noDict(args, task);
  }
  for (const [key, value] of args ?? []) {
    // `args: "{{ dict }}"` beside other arguments: its keys lie beneath them.
    if (key === '_variable_params') {
      const more = engine.templar.render(value, context);
      if (more !== null && more !== OMIT && !isDict(more)) throw noDict(more, task);
      if (isDict(more)) for (const [name, item] of more) if (!raw.has(String(name))) raw.set(String(name), item);
    } else raw.set(String(key), value);
  }
  return raw;
}

function noDict(value: Value, task: Task): TemplateError {
  return new TemplateError(`Task args must resolve to a 'dict' not '${typeName(value)}'.`, {
    position: task.actionPosition,
  });
}

function moduleDefaults(
  engine: Engine,
  run: PlayRun,
  task: Task,
  found: FoundModule,
  context: Context,
): Map<string, Value> {
  const merged = new Map<string, Value>();
  const short = found.name.slice(found.name.lastIndexOf('.') + 1);
  const names = [found.name, short, task.action, `ansible.builtin.${short}`, `ansible.legacy.${short}`];
  for (const { value } of joinedItems(task, run.play, 'moduleDefaults')) {
    const rendered = value instanceof Template ? engine.templar.render(value, context) : value;
    if (!isDict(rendered)) continue;
    for (const [key, defaults] of rendered) {
      if (!names.includes(String(key))) continue;
      const dict = defaults instanceof Template ? engine.templar.render(defaults, context) : defaults;
      if (isDict(dict)) for (const [name, item] of dict) merged.set(String(name), item);
    }
  }
  return merged;
}

function hideSecrets(engine: Engine, schema: Schema, args: JsonObject): void {
  for (const [name, arg] of Object.entries(schema)) {
    const value = args[name];
    if (value === undefined) continue;
    if (arg.secret && typeof value === 'string' && value !== '') engine.hide(value);
    if (arg.options !== undefined) {
      for (const item of Array.isArray(value) ? value : [value]) hideSecrets(engine, arg.options, item as JsonObject);
    }
  }
}

function concealed(schema: Schema, args: JsonObject): JsonObject {
  const shown: Record<string, Json> = {};
  for (const [name, value] of Object.entries(args))
    shown[name] = schema[name]?.secret ? 'VALUE_SPECIFIED_IN_NO_LOG_PARAMETER' : value;
  return shown;
}

async function withFiles(
  engine: Engine,
  task: Task,
  schema: Schema,
  args: JsonObject,
  context: Context,
): Promise<JsonObject> {
  let result = args;
  for (const [name, arg] of Object.entries(schema)) {
    const value = args[name];
    if (arg.controllerPath && typeof value === 'string')
      result = { ...result, [name]: onController(value, context.basedir) };
    if (arg.fileItems !== undefined && args[arg.fileItems.when] === arg.fileItems.is)
      result = { ...result, [name]: await itemsWithFiles(value ?? null, context) };
    if (arg.file === undefined || typeof value !== 'string') continue;
    if (arg.fileUnless !== undefined && toBool(args[arg.fileUnless] ?? false)) continue;
    if (arg.fileIf !== undefined && toBool(args[arg.fileIf] ?? true) === false) continue;
    result = { ...result, [name]: (await sourceFor(engine, task, arg, value, args, context)) as unknown as Json };
  }
  return result;
}

/** Items that name a file of the controller get its bytes. */
async function itemsWithFiles(value: Json, context: Context): Promise<Json> {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Float) return value;
  const items: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value as JsonObject)) {
    const { filename, content } = (item !== null && typeof item === 'object' ? item : {}) as JsonObject;
    const named = typeof filename === 'string' && (content ?? null) === null;
    const source = named && (await fileSource(await findFile(filename, 'files', context.searchPath)));
    setOwn(items, key, source ? { ...(item as JsonObject), source: source as unknown as Json } : item);
  }
  return items;
}

async function sourceFor(
  engine: Engine,
  _task: Task,
  arg: Arg,
  name: string,
  args: JsonObject,
  context: Context,
): Promise<unknown> {
  if (arg.commandLine) {
    const { word, rest } = firstWord(name);
    const source = await localSource(word, await findFile(word, 'files', context.searchPath));
    return { ...opened(engine, source, args), rest };
  }
  if (arg.file === 'files') {
    if (/^[a-z]+:\/\//.test(name)) return name;
    const path = await findFile(name, 'files', context.searchPath);
    return opened(engine, await localSource(name, path), args);
  }
  const path = await findFile(name, 'templates', context.searchPath);
  const template = await fileSource(path);
  const text = decodeBytes(Buffer.from(engine.opened(template.bytes ?? (await readFile(path)), path)), 'utf-8');
  const newline = newlineOf(args['newline_sequence']);
  const rendered = engine.templar.renderFile(
    text,
    {
      file: path,
      ...pick('newlineSequence', newline),
      ...pick('trimBlocks', args['trim_blocks'] as boolean | undefined),
      ...pick('lstripBlocks', args['lstrip_blocks'] as boolean | undefined),
      ...pick('blockStart', args['block_start_string'] as string | undefined),
      ...pick('blockEnd', args['block_end_string'] as string | undefined),
      ...pick('variableStart', args['variable_start_string'] as string | undefined),
      ...pick('variableEnd', args['variable_end_string'] as string | undefined),
      ...pick('commentStart', args['comment_start_string'] as string | undefined),
      ...pick('commentEnd', args['comment_end_string'] as string | undefined),
      vars: fileVariables({
        name,
        path,
        destination: typeof args['dest'] === 'string' ? args['dest'] : null,
        managed: engine.settings.ansibleManaged,
      }),
    },
    context,
  );
  const source = sourceOf(encoded(withLastNewline(rendered, newline), args['output_encoding']));
  return { ...source, type: 'file', path, mode: template.mode };
}

/** What ends a line: also as the two or four characters that YAML leaves of `'\\r\\n'`. */
function newlineOf(given: Json | undefined): string | undefined {
  return typeof given === 'string' ? given.replaceAll('\\r', '\r').replaceAll('\\n', '\n') : undefined;
}

/** The line end that a template keeps from its file is the sequence, too. */
function withLastNewline(text: string, newline: string | undefined): string {
  if (newline === undefined || newline === '\n' || text.endsWith(newline) || !text.endsWith('\n')) return text;
  return text.slice(0, -1) + newline;
}

/** Throws ModuleFailure for an encoding that is not known or cannot tell the text. */
function encoded(text: string, encoding: Json | undefined): Uint8Array {
  try {
    return encodeText(text, typeof encoding === 'string' ? encoding : 'utf-8', 'surrogateescape');
  } catch (error) {
    throw new ModuleFailure(`output_encoding: ${(error as Error).message}`);
  }
}

/** What the vault holds, decrypted, unless the arguments say that it goes as it is. */
function opened(engine: Engine, source: LocalFile | LocalFolder, args: JsonObject): LocalFile | LocalFolder {
  return toBool(args['decrypt'] ?? false) ? decrypted(source, (bytes, file) => engine.opened(bytes, file)) : source;
}

/** A path of the controller, absolute; a trailing slash stays. */
function onController(path: string, basedir: string): string {
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(basedir, path);
  return path.endsWith('/') && !full.endsWith('/') ? `${full}/` : full;
}

/** The first word of a command line, unquoted, and what follows it as written. */
function firstWord(line: string): { readonly word: string; readonly rest: string } {
  const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:\\.|[^\s\\])+))\s*([\s\S]*)$/.exec(line);
  if (match === null) return { word: line, rest: '' };
  const word = match[2] ?? (match[1] ?? match[3] ?? '').replace(/\\(.)/g, '$1');
  return { word, rest: match[4] ?? '' };
}

function pick<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

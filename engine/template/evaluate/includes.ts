// Templates that use other template files: include, import, extends. Files are searched along the context's path.

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Value } from '../../model/value.ts';
import type { Context } from '../contract.ts';
import { Fault, typeFault } from '../fault.ts';
import { iterate } from '../python/compare.ts';
import { repr, str } from '../python/text.ts';
import { isText } from '../python/types.ts';
import { Undefined } from '../undefined.ts';
import { Frame } from './frame.ts';
import { Instance, type Unit } from './instance.ts';
import { Module } from './objects.ts';
import type { Run } from './run.ts';

class NotFound extends Fault {}

/** Folders in which a template's name is searched, in order. */
export function templateFolders(context: Context, file: string | undefined): string[] {
  const roots = [...context.searchPath, context.basedir, ...(file === undefined ? [] : [dirname(resolve(file))])];
  return [...new Set(roots.flatMap((root) => [join(root, 'templates'), root]))];
}

/** The compiled template of the name, or of the first of several names that exists. Throws a Fault. */
export function load(run: Run, wanted: Value): Unit {
  if (wanted instanceof Undefined) return wanted.trip();
  const names = isText(wanted) ? [wanted] : iterate(wanted);
  const folders = templateFolders(run.context, run.file);
  for (const name of names) {
    if (!isText(name)) return typeFault(`the name of a template must be text, not ${repr(name)}`);
    const unit = find(run, String(name), folders);
    if (unit !== undefined) return unit;
  }
  const shown = names.map((name) => `'${str(name)}'`).join(', ');
  throw new NotFound(
    'TemplateError',
    `${shown} not found in search path: ${folders.map((folder) => `'${folder}'`).join(', ')}`,
  );
}

function find(run: Run, name: string, folders: readonly string[]): Unit | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..') || parts.length === 0) return undefined;
  const candidates = isAbsolute(name) ? [name] : [];
  for (const file of [...candidates, ...folders.map((folder) => join(folder, ...parts))]) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') continue;
      throw new Fault('OSError', `the template '${file}' cannot be read (${code ?? 'unknown error'})`);
    }
    return run.compileFile(text, file);
  }
  return undefined;
}

/** Prints another template in this place. */
export function includeInto(frame: Frame, wanted: Value, ignore: boolean, context: boolean, out: Value[]): void {
  let unit: Unit;
  try {
    unit = load(frame.run, wanted);
  } catch (error) {
    if (ignore && error instanceof NotFound) return;
    throw error;
  }
  const instance = new Instance(unit);
  const scope = context ? new Frame(frame.run, instance, frame) : new Frame(frame.run, instance, undefined, true);
  scope.set('loop', frame.run.undefined("'loop' is undefined", 'loop'));
  frame.run.within(unit, () => frame.run.print(instance, scope, out));
}

/** The module that an import gives. */
export function importInto(frame: Frame, wanted: Value, context: boolean): Module {
  const { run } = frame;
  const unit = load(run, wanted);
  const instance = new Instance(unit);
  const scope = context ? new Frame(run, instance, frame) : new Frame(run, instance, undefined, true);
  const out: Value[] = [];
  run.within(unit, () => run.print(instance, scope, out));
  const text = run.types.join(out);
  return new Module(scope.vars ?? new Map(), text === null ? '' : str(text));
}

/** `from x import a as b`. */
export function fromImport(
  frame: Frame,
  wanted: Value,
  names: readonly (readonly [string, string])[],
  context: boolean,
): void {
  const { run } = frame;
  const line = run.site?.line ?? 1;
  const module = importInto(frame, wanted, context);
  for (const [name, alias] of names) {
    const value = module.attribute(name);
    const message = `the template ${repr(wanted)} (imported on line ${line}) does not export the requested name ${repr(name)}`;
    frame.set(alias, value === undefined ? run.undefined(message, name) : value);
  }
}

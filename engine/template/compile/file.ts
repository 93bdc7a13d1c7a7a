// Template files: the `#jinja2:` line, options of the template module, and their result, which is always text.

import { resolve } from 'node:path';
import { OMIT, type Value } from '../../model/value.ts';
import type { Context, FileOptions } from '../contract.ts';
import { overlay } from '../evaluate/overlay.ts';
import { Run, withContext } from '../evaluate/run.ts';
import { typingOf } from '../evaluate/typing.ts';
import { Fault } from '../fault.ts';
import { str } from '../python/text.ts';
import { type Dialect, INLINE } from '../syntax/dialect.ts';
import { HEADER, OVERRIDES } from '../syntax/header.ts';
import type { Compiler } from './compiler.ts';

/** What the file renders to: `read` takes its value. Throws faults; `outer` is the evaluation that asks for it, if any. */
export function renderFile<T>(
  compiler: Compiler,
  text: string,
  options: FileOptions,
  context: Context,
  read: (value: Value, run: Run) => T,
  outer?: Run,
): T {
  const given = dialectOf(options);
  const scope = options.vars === undefined ? context.scope : overlay(context.scope, options.vars);
  const file = resolve(context.basedir, options.file);
  const inner: Context = { ...withContext(context), scope };
  const run = new Run(compiler, typingOf(compiler.settings.typing), inner, file, outer);
  if (run.types.name === 'modern' && !hasMarks(text, given)) return read(text, run);
  const place = { file: options.file, line: 1, column: 1 };
  return run.step(options.file, place, () => {
    const value = run.evaluateUnit(compiler.file(text, options.file, given), true);
    return read(run.types.finish(value), run);
  });
}

/** The text of a file's value. */
export function textOf(value: Value, run: Run): string {
  if (value === null) return '';
  if (value === OMIT && !run.types.whole)
    throw new Fault('TemplateError', 'A template was resolved to an Omit scalar.', { plain: true });
  return str(run.types.piece(value));
}

/** A text in which nothing is marked as a template is none, to its last line end. */
function hasMarks(text: string, { blockStart, variableStart, commentStart }: Dialect): boolean {
  return text.startsWith(HEADER) || [blockStart, variableStart, commentStart].some((mark) => text.includes(mark));
}

function dialectOf(options: FileOptions): Dialect {
  const given: Partial<Record<keyof Dialect, unknown>> = { ...options };
  const dialect: Record<string, unknown> = { ...INLINE, escapesInPrints: true };
  for (const name of OVERRIDES) if (given[name] !== undefined) dialect[name] = given[name];
  return dialect as unknown as Dialect;
}

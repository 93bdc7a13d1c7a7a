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
import { readLiteral } from '../syntax/literal.ts';
import type { Compiler } from './compiler.ts';

const HEADER = '#jinja2:';

const NAMES: ReadonlyMap<string, keyof Dialect> = new Map<string, keyof Dialect>([
  ['block_start_string', 'blockStart'],
  ['block_end_string', 'blockEnd'],
  ['variable_start_string', 'variableStart'],
  ['variable_end_string', 'variableEnd'],
  ['comment_start_string', 'commentStart'],
  ['comment_end_string', 'commentEnd'],
  ['trim_blocks', 'trimBlocks'],
  ['lstrip_blocks', 'lstripBlocks'],
  ['newline_sequence', 'newlineSequence'],
  ['keep_trailing_newline', 'keepTrailingNewline'],
]);

/** What the file renders to: `read` takes its value. Throws faults; `outer` is the evaluation that asks for it, if any. */
export function renderFile<T>(
  compiler: Compiler,
  text: string,
  options: FileOptions,
  context: Context,
  read: (value: Value, run: Run) => T,
  outer?: Run,
): T {
  const { dialect, rest, skipped } = readHeader(text, dialectOf(options));
  const scope = options.vars === undefined ? context.scope : overlay(context.scope, options.vars);
  const file = resolve(context.basedir, options.file);
  const inner: Context = { ...withContext(context), scope };
  const run = new Run(compiler, typingOf(compiler.settings.typing), inner, file, outer);
  const place = { file: options.file, line: 1 + skipped, column: 1 };
  return run.step(options.file, place, () => {
    const value = run.evaluateUnit(compiler.file(rest, options.file, dialect, skipped), true);
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

function dialectOf(options: FileOptions): Dialect {
  const given: Partial<Record<keyof Dialect, unknown>> = { ...options };
  const dialect: Record<string, unknown> = { ...INLINE, escapesInPrints: true };
  for (const name of NAMES.values()) if (given[name] !== undefined) dialect[name] = given[name];
  return dialect as unknown as Dialect;
}

/** Takes the overrides of the first line, if it is a header. Throws a Fault for what it does not know. */
function readHeader(text: string, dialect: Dialect): { dialect: Dialect; rest: string; skipped: number } {
  if (!text.startsWith(HEADER)) return { dialect, rest: text, skipped: 0 };
  const end = text.indexOf('\n');
  const line = end < 0 ? text.slice(HEADER.length) : text.slice(HEADER.length, end);
  const changed: Record<string, unknown> = { ...dialect };
  for (const pair of line.split(',')) {
    const colon = pair.indexOf(':');
    const key = pair.slice(0, colon).trim();
    const name = NAMES.get(key);
    if (colon < 0 || name === undefined)
      throw new Fault(
        'ValueError',
        `invalid jinja override '${(colon < 0 ? pair : key).trim()}' in the '${HEADER}' line`,
      );
    const value = readLiteral(pair.slice(colon + 1).trim());
    if (typeof value !== typeof dialect[name])
      throw new Fault('ValueError', `invalid value of the jinja override '${key}' in the '${HEADER}' line`);
    changed[name] = value;
  }
  return { dialect: changed as unknown as Dialect, rest: end < 0 ? '' : text.slice(end + 1), skipped: 1 };
}

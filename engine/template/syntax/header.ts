// The `#jinja2:` line at the top of a template: how the rest of the text is cut.

import { readLiteral } from '../python/literal.ts';
import type { Dialect } from './dialect.ts';
import { SyntaxFault } from './fault.ts';

export const HEADER = '#jinja2:';

const NAMES: ReadonlyMap<string, keyof Dialect> = new Map<string, keyof Dialect>([
  ['block_start_string', 'blockStart'],
  ['block_end_string', 'blockEnd'],
  ['variable_start_string', 'variableStart'],
  ['variable_end_string', 'variableEnd'],
  ['comment_start_string', 'commentStart'],
  ['comment_end_string', 'commentEnd'],
  ['line_statement_prefix', 'lineStatement'],
  ['line_comment_prefix', 'lineComment'],
  ['trim_blocks', 'trimBlocks'],
  ['lstrip_blocks', 'lstripBlocks'],
  ['newline_sequence', 'newlineSequence'],
  ['keep_trailing_newline', 'keepTrailingNewline'],
]);

/** What a template can override of its dialect. */
export const OVERRIDES: readonly (keyof Dialect)[] = [...NAMES.values()];

export interface Header {
  readonly dialect: Dialect;
  /** The dialect without what the line changes. */
  readonly given: Dialect;
  /** The text below the line. */
  readonly rest: string;
  /** How many lines are above it. */
  readonly skipped: number;
}

/** The overrides of the first line, if it is a header. Throws a SyntaxFault for what it does not know. */
export function readHeader(text: string, dialect: Dialect): Header {
  if (!text.startsWith(HEADER)) return { dialect, given: dialect, rest: text, skipped: 0 };
  const end = text.indexOf('\n');
  if (end < 0) return refuse(`a newline is missing after the '${HEADER}' line`);
  const changed: Record<string, unknown> = { ...dialect };
  for (const pair of text.slice(HEADER.length, end).split(',')) {
    const colon = pair.indexOf(':');
    const key = pair.slice(0, Math.max(colon, 0)).trim();
    const name = NAMES.get(key);
    if (name === undefined)
      return refuse(`invalid jinja override '${(colon < 0 ? pair : key).trim()}' in the '${HEADER}' line`);
    const value = readLiteral(pair.slice(colon + 1).trim(), false);
    const unknownEnd = name === 'newlineSequence' && !/^(?:\n|\r\n?)$/.test(String(value));
    if (typeof value !== typeof dialect[name] || unknownEnd)
      return refuse(`invalid value of the jinja override '${key}' in the '${HEADER}' line`);
    changed[name] = value;
  }
  const result = changed as unknown as Dialect;
  if (new Set([result.blockStart, result.variableStart, result.commentStart]).size < 3)
    return refuse('block, variable and comment start strings must be different');
  return { dialect: result, given: dialect, rest: text.slice(end + 1), skipped: 1 };
}

function refuse(message: string): never {
  throw new SyntaxFault(message, 1, 1);
}

// The lines of a file around a place, with a caret under the column: every message about a file carries one.

import { type Position, showPosition } from '../model/position.ts';
import { columnsOf } from './banner.ts';
import type { ReadLines } from './listener.ts';

const BEFORE = 2;
const LONGEST = 120;

/**
 * `Origin: file:line:column`, a blank line, up to two lines before the place and its own, then the caret. Where the
 * source cannot be read a line says so. No newline at the end.
 */
export function showOrigin(position: Position, read: ReadLines): string {
  const origin = `Origin: ${showPosition(position)}`;
  const lines = read(position.file);
  if (lines === undefined) return `${origin}\n\n(source not shown: the file is vaulted or cannot be read)`;
  if (position.line > lines.length)
    return `${origin}\n\n(source not shown: the file ends before line ${position.line})`;
  return `${origin}\n\n${excerpt(position, lines)}`;
}

/** The excerpt alone. */
export function excerpt(position: Position, lines: readonly string[]): string {
  const first = Math.max(1, position.line - BEFORE);
  const digits = String(position.line).length;
  const shown: string[] = [];
  for (let number = first; number <= position.line; number++) {
    const line = (lines[number - 1] ?? '').replaceAll('\t', ' ').trimEnd();
    shown.push(cut(`${String(number).padStart(digits)} ${line}`.trimEnd()));
  }
  const before = (lines[position.line - 1] ?? '').slice(0, position.column - 1).replaceAll('\t', ' ');
  const indent = digits + 1 + Math.min(columnsOf(before) + Math.max(0, position.column - 1 - before.length), LONGEST);
  shown.push(`${' '.repeat(indent)}^ column ${position.column}`);
  return shown.join('\n');
}

function cut(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}

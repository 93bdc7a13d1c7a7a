// Where something stands in a file: carried by everything that was parsed, so that any message can name its place.

/** A place in a source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, as every message prints it. */
export function showPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

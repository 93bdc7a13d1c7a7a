// Where something stands in a file: carried by everything that was parsed, so that any message can name its place.

import type { Value } from './value.ts';

/** A place in a source file; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A document as a value, which keeps where each of its keys stands. */
export interface PlacedDocument {
  readonly value: Value;
  /** Where the key at the end of a path of keys stands; the nearest place above it that is known. */
  at(path: readonly Value[]): Position;
}

/** `file:line:column`, as every message prints it. */
export function showPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

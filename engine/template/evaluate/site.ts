// Where an evaluation is: a place in the text of a template, and the variables and files that led to it.

import type { Position } from '../../model/position.ts';

/** The text that a compiled template was made of. */
export interface Source {
  readonly text: string;
  /** The file's name for template files: their lines and columns are the text's. */
  readonly file: string | undefined;
  /** Lines of the file before the text (a header). */
  readonly skipped: number;
}

/** A place in a template's text; both count from 1. */
export interface Site {
  readonly source: Source;
  readonly line: number;
  readonly column: number;
}

/** The way to a template: from the one that was asked for to the one that is being evaluated. */
export interface Trail {
  /** The template's text, or the file's name. */
  readonly text: string;
  readonly position: Position | undefined;
  readonly what: 'template' | 'expression';
  readonly before: Trail | undefined;
  readonly depth: number;
}

/** A place and the way to it. */
export interface Origin {
  readonly site: Site | undefined;
  readonly trail: Trail | undefined;
}

/** The origin as a place in a file: exact in template files, the start of the scalar elsewhere. */
export function positionOf({ site, trail }: Origin): Position | undefined {
  const file = site?.source.file;
  if (site === undefined || file === undefined) return trail?.position;
  return { file, line: site.line + site.source.skipped, column: site.column };
}

/** The trail from its start. */
export function steps(trail: Trail | undefined): { text: string; position: Position | undefined }[] {
  const list: { text: string; position: Position | undefined }[] = [];
  for (let step = trail; step !== undefined; step = step.before)
    list.unshift({ text: step.text, position: step.position });
  return list;
}

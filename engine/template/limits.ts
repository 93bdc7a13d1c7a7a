// How much a single evaluation may ask of memory and stack, so that a template can fail but never take the run with it.

import { Fault } from './fault.ts';

/**
 * Longest list or text, in items or UTF-16 units, that one operation may make. Of a longer text the machine under us cannot
 * hold the places where a pattern matches: it ends the whole process then.
 */
export const MOST_ITEMS = 10_000_000;
export const MOST_TEXT = 64 * 1024 * 1024;
/** Deepest nesting of calls, includes and variables that refer to each other. */
export const MOST_DEPTH = 180;
/** Largest exponent times bits that `**` may compute with. */
export const MOST_BITS = 1_000_000;

/** Throws a LimitError fault if `count` items are more than one operation may make. */
export function allowItems(count: number, what: string): void {
  if (count > MOST_ITEMS) throw new Fault('LimitError', `${what} would make ${count} items; ${MOST_ITEMS} are allowed`);
}

/** Throws a LimitError fault if a text of `length` units is longer than one operation may make. */
export function allowText(length: number, what: string): void {
  if (length > MOST_TEXT)
    throw new Fault('LimitError', `${what} would make a text of ${length} characters; ${MOST_TEXT} are allowed`);
}

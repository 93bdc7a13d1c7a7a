// Warnings, deprecations and explanations of failures: each text once a run, with its place and an excerpt.

import type { Position } from '../model/position.ts';
import type { Failure } from '../model/result.ts';
import { showOrigin } from './excerpt.ts';
import type { ReadLines, Screen } from './listener.ts';
import type { Look } from './look.ts';
import { paint } from './paint.ts';

export class Notices {
  readonly #screen: Screen;
  readonly #look: Pick<Look, 'deprecationWarnings' | 'palette'>;
  readonly #read: ReadLines;
  readonly #said = new Set<string>();

  constructor(screen: Screen, look: Pick<Look, 'deprecationWarnings' | 'palette'>, read: ReadLines) {
    this.#screen = screen;
    this.#look = look;
    this.#read = read;
  }

  /** `[WARNING]: text` on stderr. */
  warn(message: string, position?: Position): void {
    this.#say(`[WARNING]: ${message}`, position, this.#look.palette.warn);
  }

  /** `[DEPRECATION WARNING]: text` on stderr, the first one preceded by how to silence them. */
  deprecate(message: string, position?: Position): void {
    if (!this.#look.deprecationWarnings) return;
    this.warn('Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.');
    this.#say(`[DEPRECATION WARNING]: ${message}`, position, this.#look.palette.deprecate);
  }

  #say(text: string, position: Position | undefined, colour: string): void {
    const full = position === undefined ? `${text}\n` : `${text}\n${showOrigin(position, this.#read)}\n\n`;
    if (this.#said.has(full)) return;
    this.#said.add(full);
    this.#screen.err(paintLines(full, colour, this.#screen.colourErr));
  }

  /** Why a task failed, `where` standing in for a failure that names no place of its own; '' when it was said before. */
  explain(failure: Failure, where: Position): string {
    const message = failure.message.startsWith('Task failed') ? failure.message : `Task failed: ${failure.message}`;
    const text = `${explanation({ ...failure, message, position: failure.position ?? where }, this.#read)}\n`;
    if (this.#said.has(text)) return '';
    this.#said.add(text);
    return text;
  }
}

/** `[ERROR]: message`, the way there, the place with its excerpt, and the hint. Ends in a blank line if more than one line. */
export function explanation(failure: Failure, read: ReadLines): string {
  const parts = [`[ERROR]: ${failure.message}`];
  // The trail of a fault of ours is its stack, which is for -vvv.
  const steps = failure.bug ? [] : (failure.trail ?? []).filter(({ text }) => !failure.message.includes(text));
  for (const { text } of steps) parts.push(`  in ${text}`);
  if (failure.position !== undefined) parts.push(showOrigin(failure.position, read), '');
  if (failure.hint !== undefined) parts.push(`Hint: ${failure.hint}`, '');
  if (failure.bug) parts.push('This is a fault of troupe, not of your playbook: please report it.', '');
  return parts.join('\n');
}

/** Colours each line, the newline at the end left outside. */
export function paintLines(text: string, colour: string | undefined, on: boolean): string {
  if (!on) return text;
  return text.endsWith('\n') ? `${paint(text.slice(0, -1), colour, on)}\n` : paint(text, colour, on);
}

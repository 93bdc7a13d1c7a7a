// An error as the user sees it: one message with its place, an excerpt and a hint, and the exit code. Never a stack,
// unless it is a fault of ours and the user asked for all of it.

import { TemplateError, TroupeError } from '../model/errors.ts';
import type { ReadLines } from '../report/listener.ts';
import { explanation } from '../report/notices.ts';

/** What to print on stderr, and the exit code of the process. */
export function describeError(
  error: unknown,
  read: ReadLines,
  verbosity: number,
): { readonly text: string; readonly exitCode: number } {
  if (error instanceof TroupeError) {
    const trail = error instanceof TemplateError ? error.trail : [];
    const all = [error, ...othersOf(error)];
    const text = all
      .map((one) =>
        explanation(
          { message: one.message, position: one.position, hint: one.hint, trail: one === error ? trail : [] },
          read,
        ),
      )
      .join('\n');
    return { text: `${text}\n`, exitCode: error.exitCode };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = verbosity >= 3 && error instanceof Error ? `${error.stack}\n` : '';
  return {
    text: `[ERROR]: Unexpected fault of troupe: ${message}\nPlease report it; -vvv shows more.\n${stack}`,
    exitCode: 250,
  };
}

/** A load finds all its faults at once. */
function othersOf(error: TroupeError): readonly TroupeError[] {
  const others = (error as { readonly others?: unknown }).others;
  return Array.isArray(others) ? others.filter((other): other is TroupeError => other instanceof TroupeError) : [];
}

// Faults of an evaluation as the TemplateError that the rest of the engine sees, in the words that playbooks match on.

import { TemplateError, TroupeError } from '../model/errors.ts';
import { UnreadableFault } from './compile/compiler.ts';
import { PluginFault } from './evaluate/run.ts';
import { type Origin, positionOf, steps } from './evaluate/site.ts';
import { Fault } from './fault.ts';
import { nearest } from './near.ts';
import { type Undefined, UndefinedFault } from './undefined.ts';

/** The error of whatever was thrown; `condition` where a condition was judged. */
export function templateError(error: unknown, condition = false): TemplateError {
  if (error instanceof TemplateError) return error;
  // What a variable stands for may be in a file that cannot be read.
  if (error instanceof TroupeError)
    return new TemplateError(error.message, { position: error.position, hint: error.hint, cause: error });
  if (!(error instanceof Fault))
    return new TemplateError(
      'the template could not be evaluated: this is a fault of the template engine, please report it',
      {
        cause: error,
      },
    );
  const origin = (error.origin ?? {}) as Partial<Origin>;
  const place: Origin = { site: origin.site, trail: origin.trail };
  return new TemplateError(messageOf(error, condition), {
    position: positionOf(place),
    hint: error.hint ?? (error instanceof UndefinedFault ? nearMisses(error.value) : undefined),
    undefinedName: error instanceof UndefinedFault,
    trail: steps(place.trail),
    cause: error,
  });
}

function messageOf(error: Fault, condition: boolean): string {
  if (error instanceof UndefinedFault)
    return condition ? `Error while evaluating conditional: ${error.message}` : error.message;
  if (error instanceof UnreadableFault) return `Syntax error in ${error.what}${delimiters(error)}: ${error.message}`;
  if (error instanceof PluginFault || error.plain || error.kind === 'LimitError') return error.message;
  return `Error rendering ${(error.origin as Partial<Origin> | undefined)?.trail?.what ?? 'template'}: ${error.message}`;
}

function delimiters(error: UnreadableFault): string {
  const text = (error.origin as Origin).site?.source.text ?? '';
  if (error.what !== 'expression' || !/\{\{|\{%/.test(text)) return '';
  return '. Template delimiters are not supported in expressions';
}

function nearMisses({ missing, names }: Undefined): string | undefined {
  if (missing === undefined || names === undefined) return undefined;
  const near = nearest(missing, names());
  if (near.length === 0) return undefined;
  return `Did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`;
}

// What a task that a dry run skips would report, as far as its changed_when tells without a result.

import { TroupeError } from '../model/errors.ts';
import type { Certainty } from '../model/result.ts';
import { allHold, listed } from './judge.ts';
import type { Attempt } from './site.ts';

/** What a skipped opaque task would report, as far as its changed_when tells without its result. */
export function foretell(
  attempt: Attempt,
  usual: 'ok' | 'changed',
): { foretold: 'ok' | 'changed' | undefined; certainty: Certainty } {
  const conditions = listed(attempt.site.task.directives['changedWhen']);
  if (conditions.length === 0) return { foretold: usual, certainty: 'foreseen' };
  const register = attempt.site.task.directives['register']?.value;
  for (const { value } of conditions) {
    const names =
      typeof value === 'string' || typeof value === 'object'
        ? attempt.site.engine.templar.references(value, true)
        : new Set<string>();
    if (typeof register === 'string' && names.has(register)) return { foretold: undefined, certainty: 'unknown' };
  }
  try {
    return {
      foretold: allHold(attempt.site.engine, conditions, attempt.context) ? 'changed' : 'ok',
      certainty: 'foreseen',
    };
  } catch (error) {
    if (error instanceof TroupeError) return { foretold: undefined, certainty: 'unknown' };
    throw error;
  }
}

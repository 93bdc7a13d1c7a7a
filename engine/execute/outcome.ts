// The one function that turns what was thrown while a task ran into its result; no other catch decides.

import {
  ArgumentError,
  ConnectionError,
  ModuleFailure,
  PlaybookError,
  TemplateError,
  TroupeError,
} from '../model/errors.ts';
import type { Change } from '../model/resource.ts';
import type { Failure, TaskResult } from '../model/result.ts';
import type { JsonObject } from '../model/value.ts';

/**
 * Faults that are no reason to give up the host, as in Ansible: it was reached, but the user may not become another; or
 * nobody tried, since there is no such connection.
 */
const OWN_FAULTS: ReadonlySet<string> = new Set(['become', 'unsupported']);

/**
 * The result of a task that threw. `changes` are those already made; they are told.
 */
export function outcomeOf(error: unknown, changes: readonly Change[] = [], trips = 0): TaskResult {
  const shared = { certainty: 'certain', changes, ignored: false, trips } as const;
  if (error instanceof ConnectionError && !OWN_FAULTS.has(error.fault)) {
    const data: JsonObject = error.unanswered === undefined ? {} : { unanswered: error.unanswered };
    return {
      ...shared,
      status: 'unreachable',
      failure: failureOf(error),
      data: { ...data, msg: error.message },
      unanswered: error.unanswered,
    };
  }
  if (error instanceof TroupeError) {
    const data = error instanceof ModuleFailure ? error.data : {};
    const msg = isTasks(error) ? `Task failed: ${error.message}` : error.message;
    return { ...shared, status: 'failed', failure: failureOf(error), data: { msg, ...data } };
  }
  const message = `Unexpected failure in troupe itself, please report it: ${error instanceof Error ? error.message : String(error)}`;
  return {
    ...shared,
    status: 'failed',
    failure: { message, bug: true, trail: stackOf(error) },
    data: { msg: message },
  };
}

/** Does it tell of the task rather than of what its module did? */
function isTasks(error: TroupeError): boolean {
  return error instanceof PlaybookError || (error instanceof TemplateError && !error.bare);
}

/** What `go` gives; a TemplateError of it is told behind the words, as ansible-core tells where it was met. */
export function telling<T>(words: () => string, go: () => T): T {
  try {
    return go();
  } catch (error) {
    throw error instanceof TemplateError ? told(error, words()) : error;
  }
}

/** The error with words before its message; a bare one stays alone in the task's message. */
export function told(error: TemplateError, words: string, bare = false): TemplateError {
  const { position, hint, undefinedName, trail } = error;
  return new TemplateError(words + error.message, { position, hint, undefinedName, trail, bare, cause: error });
}

function stackOf(error: unknown): { text: string }[] {
  return error instanceof Error && error.stack !== undefined ? [{ text: error.stack }] : [];
}

function failureOf(error: TroupeError): Failure {
  return {
    message: error.message,
    position: error.position,
    hint: error.hint,
    ...(error instanceof TemplateError ? { trail: error.trail } : {}),
    ...(error instanceof ArgumentError ? { trail: error.issues.map((text) => ({ text })) } : {}),
  };
}

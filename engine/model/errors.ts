// Every error a user can meet, by class. The class says what it becomes (docs/architecture.md, "Errors"); the exit code
// rides on the error. Anything that is none of these is a bug of ours.

import type { Position } from './position.ts';
import type { JsonObject } from './value.ts';

export interface Place {
  /** Where it stands. */
  readonly position?: Position | undefined;
  /** What to do about it, one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export abstract class TroupeError extends Error {
  readonly position: Position | undefined;
  readonly hint: string | undefined;
  /** The exit code of the process when nothing else decides it: ansible-playbook's. */
  abstract readonly exitCode: number;

  constructor(message: string, place: Place = {}) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause });
    this.name = new.target.name;
    this.position = place.position;
    this.hint = place.hint;
  }
}

/** Wrong options or arguments of a command. */
export class UsageError extends TroupeError {
  readonly exitCode: number;
  constructor(message: string, place: Place & { exitCode?: number } = {}) {
    super(message, place);
    this.exitCode = place.exitCode ?? 5;
  }
}

/** A playbook, role, vars file or configuration that cannot be taken as it is: nothing ran. */
export class PlaybookError extends TroupeError {
  readonly exitCode: number;
  /** Further faults found in the same load, in order: all are told at once. */
  readonly others: readonly PlaybookError[];
  constructor(message: string, place: Place & { exitCode?: number; others?: readonly PlaybookError[] } = {}) {
    super(message, place);
    this.exitCode = place.exitCode ?? 4;
    this.others = place.others ?? [];
  }
}

/** An inventory source that cannot be read, or a pattern that cannot be understood. */
export class InventoryError extends TroupeError {
  readonly exitCode = 1;
}

/** A template or condition that cannot be evaluated. */
export class TemplateError extends TroupeError {
  readonly exitCode = 2;
  /** True when the reason is an undefined variable. */
  readonly undefinedName: boolean;
  /** Templates and variables on the way to the fault, innermost last. */
  readonly trail: readonly { readonly text: string; readonly position?: Position | undefined }[];
  /** True where the message of the task that fails by it is this one alone. */
  readonly bare: boolean;
  constructor(
    message: string,
    place: Place & { undefinedName?: boolean; trail?: TemplateError['trail']; bare?: boolean } = {},
  ) {
    super(message, place);
    this.undefinedName = place.undefinedName ?? false;
    this.bare = place.bare ?? false;
    this.trail = place.trail ?? [];
  }
}

/** Arguments that a module does not take: all of them at once. */
export class ArgumentError extends TroupeError {
  readonly exitCode = 2;
  readonly issues: readonly string[];
  constructor(message: string, issues: readonly string[], place: Place = {}) {
    super(message, place);
    this.issues = issues;
  }
}

export type ConnectionFault =
  | 'resolve'
  | 'refused'
  | 'auth'
  | 'hostkey'
  | 'timeout'
  | 'lost'
  | 'unsupported'
  | 'become';

/**
 * A host that cannot be reached, or was lost: becomes `unreachable`. Connections throw nothing else. The one exception is
 * the fault `become` (a wrong or missing password, a user who may not): as in Ansible, the task has `failed`.
 */
export class ConnectionError extends TroupeError {
  readonly exitCode = 4;
  readonly fault: ConnectionFault;
  /** What had been sent and was not answered: its effect is unknown. */
  readonly unanswered: string | undefined;
  constructor(fault: ConnectionFault, message: string, place: Place & { unanswered?: string | undefined } = {}) {
    super(message, place);
    this.fault = fault;
    this.unanswered = place.unanswered;
  }
}

/** A module that cannot do what it was asked: becomes `failed`. */
export class ModuleFailure extends TroupeError {
  readonly exitCode = 2;
  /** Further keys of the registered result (rc, stdout ...). */
  readonly data: JsonObject;
  constructor(message: string, data: JsonObject = {}, place: Place = {}) {
    super(message, place);
    this.data = data;
  }
}

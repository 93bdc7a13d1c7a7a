// Modules that act on the run instead of a host: set_fact, debug, assert, add_host, meta ... They decide; what they
// decide is data that the executor carries out.

import type { Json, JsonObject, Value } from '../model/value.ts';
import type { Doc } from './contract.ts';
import type { ArgsOf, Rules, Schema } from './schema.ts';

export interface ControlModule<S extends Schema = Schema> {
  readonly control: true;
  readonly doc: Doc;
  /** Open modules (set_fact) take any argument: `open`, then `extra` holds those that the schema does not name. */
  readonly schema: S;
  readonly rules?: Rules<S>;
  readonly open?: true;
  /** Runs once for all hosts of the task (add_host, pause, most of meta). */
  readonly once?: true;
  /** Argument whose value stands beside the action's name in a banner when the task has no name (include_role). */
  readonly titledBy?: keyof S & string;
  /** Of its results only what they say is shown, without what is added to every result (debug). */
  readonly bare?: true;
  /** Shows no result and counts nothing (meta). */
  readonly silent?: true;
  /**
   * Arguments that hold an expression, not a template: handed over unrendered (assert's that, debug's var), but for
   * a template that gives a list of expressions.
   */
  readonly expressions?: readonly (keyof S & string)[];
  /** Throws ModuleFailure. */
  decide(args: ArgsOf<S>, view: RunView): Decision | Promise<Decision>;
}

export function defineControl<const S extends Schema>(module: ControlModule<S>): ControlModule<S> {
  return module;
}

/** What a control module may look at. */
export interface RunView {
  readonly host: string;
  /** Arguments outside of the schema, rendered, as values (set_fact keeps floats and templates). */
  readonly extra: ReadonlyMap<string, Value>;
  readonly verbosity: number;
  /** `classic`: values are those of the time before ansible-core 2.19. */
  readonly typing: 'modern' | 'classic';
  /** Evaluates an expression (without `{{ }}`); undefined variables throw TemplateError. */
  evaluate(expression: string): Value;
  /** An expression's value for the eye: `missing` tells what is undefined in it. Undefined where there is no expression. */
  show(
    expression: Value,
  ): { readonly text: string; readonly value: Value; readonly missing: readonly string[] } | undefined;
  /** Judges a condition. */
  judge(condition: Value): { readonly holds: boolean; readonly text: string };
  /** Reads vars files for include_vars, looked up from the task's role and playbook. Throws ModuleFailure or PlaybookError. */
  readVars(
    request: JsonObject,
  ): Promise<{ readonly vars: ReadonlyMap<Value, Value>; readonly files: readonly string[] }>;
}

export interface Decision {
  readonly changed?: boolean;
  /** Fails the task with this message. */
  readonly failed?: string;
  readonly skipped?: string;
  /** For `register`. */
  readonly data: JsonObject;
  readonly effects?: readonly RunEffect[];
  /** The result is shown in full at any verbosity (assert, debug). */
  readonly verboseAlways?: true;
}

export type RunEffect =
  | { readonly kind: 'set-facts'; readonly facts: ReadonlyMap<Value, Value>; readonly cacheable: boolean }
  | { readonly kind: 'set-vars'; readonly vars: ReadonlyMap<Value, Value> }
  | { readonly kind: 'add-host'; readonly name: string; readonly groups: readonly string[]; readonly vars: JsonObject }
  | { readonly kind: 'group-host'; readonly group: string; readonly parents: readonly string[] }
  | { readonly kind: 'set-stats'; readonly data: JsonObject; readonly perHost: boolean; readonly aggregate: boolean }
  /** Waits on the controller; with `prompt`, for the user's line on a terminal. */
  | {
      readonly kind: 'pause';
      readonly seconds?: number | undefined;
      readonly prompt?: string | undefined;
      readonly echo: boolean;
    }
  /** flush_handlers, end_play, end_host, end_batch, end_role, clear_facts, clear_host_errors, refresh_inventory, reset_connection, noop, role_complete */
  | { readonly kind: 'meta'; readonly action: string }
  /** include_tasks, include_role: carried out by the executor. */
  | { readonly kind: 'include'; readonly what: 'tasks' | 'role'; readonly args: JsonObject };

export type { Json, JsonObject };

// What the executor asks of the variables, and what it tells them. Scopes compute nothing until a name is asked for.

import type { Play, Task } from '../model/playbook.ts';
import type { Certainty } from '../model/result.ts';
import type { Dict, Scope, Value } from '../model/value.ts';
import type { PlayState } from './place.ts';

export type { PlayState } from './place.ts';

/** Where a scope is asked for: the innermost thing known decides how much is seen. */
export interface Viewpoint {
  readonly host: string;
  readonly play?: Play | undefined;
  /** With its block chain (`parent`) and role. */
  readonly task?: Task | undefined;
  /** Innermost names: loop variables, delegated variables, a task's own result while it is judged. */
  readonly extra?: ReadonlyMap<string, Value> | undefined;
}

export interface Variables {
  scope(viewpoint: Viewpoint): Scope;
  setPlay(state: PlayState): void;
  /** Reads the vars files that speak of these hosts. Throws PlaybookError. */
  load(hosts: readonly string[]): void;
  /** Facts of a host: names with or without `ansible_`. */
  setFacts(host: string, facts: Dict): void;
  /** ansible_facts as gathered, without prefix. */
  facts(host: string): Dict;
  /** set_fact and group_by-like values of the host, living as long as the run. */
  setNonPersistent(host: string, values: Dict, from?: ReadonlyMap<string, Iterable<Value>>): void;
  register(host: string, name: string, value: Value): void;
  setIncludeVars(host: string, values: Dict): void;
  /** A role that include_role brought in; a public one gives its defaults and vars to later tasks of the play. */
  exposeRole(host: string, role: NonNullable<Task['role']>): void;
  clearFacts(host: string): void;
  /** How far the value of a name set during the run is known: absent = certain. A later certain write clears it. */
  markUncertain(host: string, name: string, certainty: Exclude<Certainty, 'certain'>): void;
  certaintyOf(host: string, name: string): Certainty;
}

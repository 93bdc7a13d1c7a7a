// Where a variable is asked for: a host, a play, a task, and what only the executor knows (loop variables).

import type { Block, Play, Role, Task } from '../model/playbook.ts';
import type { Dict, Value } from '../model/value.ts';

/** What `Variables.scope` is asked with. Everything may be missing: what it would bring is then not there. */
export interface Place {
  readonly host?: string | undefined;
  readonly play?: Play | undefined;
  readonly task?: Task | Block | undefined;
  /** A task is about to run here, which knows more than `vars` shows. */
  readonly executes?: boolean | undefined;
  /** Loop variables, delegated variables: innermost, above everything. */
  readonly extra?: ReadonlyMap<Value, Value> | undefined;
}

/** The state of the play that runs; the executor sets it anew as batches and failures change it. */
export interface PlayState {
  readonly play: Play;
  /** All hosts that the play's pattern and the limit name. */
  readonly hosts: readonly string[];
  /** Hosts of the current batch that are still in. */
  readonly batch: readonly string[];
  /** Hosts of all batches that are still in. */
  readonly remaining: readonly string[];
  /** Answers of vars_prompt. */
  readonly prompted: Dict;
}

/** Blocks above a task, outermost first. */
export function blocksAbove(node: Task | Block | undefined): Block[] {
  const blocks: Block[] = [];
  for (let block = node?.kind === 'block' ? node : node?.parent; block; block = block.parent) blocks.unshift(block);
  return blocks;
}

/** The vars that stand where the role is used: those of its own block. */
export function entryVars(role: Role): Dict {
  return role.blocks.at(-1)?.vars ?? new Map();
}

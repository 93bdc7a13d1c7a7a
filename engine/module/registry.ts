// How the engine comes by a module: by the name in the playbook, loaded when first used.

import type { Module } from './contract.ts';
import type { ControlModule } from './control.ts';

// biome-ignore lint/suspicious/noExplicitAny: a registry holds modules of every schema
export type AnyModule = Module<any> | ControlModule<any>;

export interface FoundModule {
  /** Fully qualified: `ansible.builtin.copy`. */
  readonly name: string;
  readonly module: AnyModule;
}

export interface Registry {
  /** The module of a short, fully qualified or redirected name; undefined when there is none. Loads it lazily. */
  find(name: string, collections?: readonly string[]): Promise<FoundModule | undefined>;
  /** Does `find` answer it? Loads nothing. */
  has(name: string, collections?: readonly string[]): boolean;
  /** All names, fully qualified and short, for near misses. */
  names(): readonly string[];
}

export function isControl(module: AnyModule): module is ControlModule {
  return 'control' in module;
}

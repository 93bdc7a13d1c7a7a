// A template while it renders: which blocks it has by now, and which template it extends.

import type { Value } from '../../model/value.ts';
import type { Frame } from './frame.ts';
import type { Source } from './site.ts';

/** Evaluates an expression. */
export type Evaluate = (frame: Frame) => Value;

/** What a statement did to the loop around it. */
export type Flow = typeof NEXT | typeof BREAK | typeof CONTINUE;
export const NEXT = 0;
export const BREAK = 1;
export const CONTINUE = 2;

/** Runs a statement: what it prints goes to `out`. */
export type Execute = (frame: Frame, out: Value[]) => Flow;

export interface CompiledBlock {
  readonly name: string;
  readonly body: Execute;
  readonly required: boolean;
}

/** The newlines at the end of a template's text, and what ends a line of its result. */
export interface Ending {
  readonly newlines: number;
  readonly sequence: string;
}

/** A compiled template. */
export interface Unit {
  readonly source: Source;
  readonly body: Execute;
  /** The expression, where the template is one and nothing else. */
  readonly lone: Evaluate | undefined;
  /** The name, where the template is `{{ name }}`. */
  readonly loneName: string | undefined;
  /** Is the template one filter that makes text (`to_json`)? Classic typing takes such text for what it is. */
  readonly keepsText: boolean;
  /** Does the text mention `self`? */
  readonly usesSelf: boolean;
  readonly blocks: ReadonlyMap<string, CompiledBlock>;
  readonly ending: Ending;
}

export class Instance {
  readonly unit: Unit;
  /** For every name the blocks that stand for it, the most derived first. */
  readonly blocks = new Map<string, CompiledBlock[]>();
  /** The template that this one extends, once `extends` was met. */
  parent: Unit | undefined;

  constructor(unit: Unit) {
    this.unit = unit;
    this.adopt(unit);
  }

  /** Adds the blocks of a template that is extended behind those that are there. */
  adopt(unit: Unit): void {
    for (const block of unit.blocks.values()) {
      const stack = this.blocks.get(block.name);
      if (stack === undefined) this.blocks.set(block.name, [block]);
      else stack.push(block);
    }
  }
}

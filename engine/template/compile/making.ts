// What compiling one template needs to know on its way through the tree.

import type { CompiledBlock } from '../evaluate/instance.ts';
import type { Site, Source } from '../evaluate/site.ts';
import type { Libraries } from '../library.ts';
import type { At } from '../syntax/tree.ts';

export interface Making {
  readonly source: Source;
  readonly libraries: Libraries;
  /**
   * String constants with template marks: `rendered` in conditions and arguments of lookups; else `text`, but in classic
   * typing `trusted`, so that they may be templates once they are stored.
   */
  readonly constants: 'rendered' | 'text' | 'trusted';
  readonly blocks: Map<string, CompiledBlock>;
  /** May branches that are never taken ask for filters and tests that do not exist? Of old they might not. */
  readonly lenient: boolean;
  /** How many branches that may never be taken are around: a filter that does not exist fails there only when met. */
  soft: number;
  /** How many blocks, loops, macros are around; 0 at the top level of the template. */
  nested: number;
}

/** The place of a node. */
export function siteOf(making: Making, at: At): Site {
  return { source: making.source, line: at.lineno + 1, column: at.colno + 1 };
}

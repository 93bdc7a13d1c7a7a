// A pattern as a tree.

import type { Charset } from './characters.ts';

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export const NO_FLAGS: Flags = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };

/** Where a place without width is: of the text, of a line, between words. */
export type Place =
  | 'text start'
  | 'text end'
  | 'line start'
  | 'line end'
  | 'last line end'
  | 'boundary'
  | 'no boundary'
  | 'ascii boundary'
  | 'no ascii boundary';

export type Node =
  | { readonly kind: 'character'; readonly code: number }
  | { readonly kind: 'set'; readonly set: Charset }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly branches: readonly Node[] }
  | Repeat
  | { readonly kind: 'group'; readonly number: number; readonly item: Node }
  | { readonly kind: 'atomic'; readonly item: Node }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly item: Node }
  | { readonly kind: 'back'; readonly number: number; readonly fold: ((code: number) => number) | undefined }
  | { readonly kind: 'condition'; readonly number: number; readonly yes: Node; readonly no: Node };

export interface Repeat {
  readonly kind: 'repeat';
  readonly item: Node;
  readonly min: number;
  /** Infinity where there is no limit. */
  readonly max: number;
  readonly mode: 'greedy' | 'lazy' | 'possessive';
}

/** A pattern that was read. */
export interface Tree {
  readonly root: Node;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** The flags that it was read with, and those that it sets for itself. */
  readonly flags: Flags;
}

/** The least and most characters that a node can match; `groups` has those of the groups before it. */
export function width(node: Node, groups: ReadonlyMap<number, readonly [number, number]>): readonly [number, number] {
  switch (node.kind) {
    case 'character':
    case 'set':
      return [1, 1];
    case 'place':
    case 'look':
      return [0, 0];
    case 'sequence': {
      const parts = node.items.map((item) => width(item, groups));
      return [parts.reduce((sum, [least]) => sum + least, 0), parts.reduce((sum, [, most]) => sum + most, 0)];
    }
    case 'choice':
      return either(node.branches.map((branch) => width(branch, groups)));
    case 'repeat': {
      const [least, most] = width(node.item, groups);
      return [least * node.min, most === 0 || node.max === 0 ? 0 : most * node.max];
    }
    case 'group':
    case 'atomic':
      return width(node.item, groups);
    case 'back':
      return groups.get(node.number) ?? [0, Infinity];
    case 'condition':
      return either([width(node.yes, groups), width(node.no, groups)]);
  }
}

function either(widths: readonly (readonly [number, number])[]): readonly [number, number] {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}

// The part of the jmespath package that is used: its parser.
declare module 'jmespath' {
  export interface Ast {
    readonly type: string;
    readonly name?: string | Ast;
    readonly value?: unknown;
    readonly children?: readonly (Ast | number | null)[];
  }
  /** Parses an expression. Throws an Error for one that cannot be read. */
  export function compile(expression: string): Ast;
}

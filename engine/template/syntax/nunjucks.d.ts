// The part of nunjucks 3.2.4 that the template layer stands on: its token cursor and statement dispatch (parser), its
// tree (nodes) and the names of its token types (lexer). nunjucks carries no types of its own.

declare module 'nunjucks/src/lexer.js' {
  const lexer: {
    readonly TOKEN_STRING: 'string';
    readonly TOKEN_DATA: 'data';
    readonly TOKEN_BLOCK_START: 'block-start';
    readonly TOKEN_BLOCK_END: 'block-end';
    readonly TOKEN_VARIABLE_START: 'variable-start';
    readonly TOKEN_VARIABLE_END: 'variable-end';
    readonly TOKEN_LEFT_PAREN: 'left-paren';
    readonly TOKEN_RIGHT_PAREN: 'right-paren';
    readonly TOKEN_LEFT_BRACKET: 'left-bracket';
    readonly TOKEN_RIGHT_BRACKET: 'right-bracket';
    readonly TOKEN_LEFT_CURLY: 'left-curly';
    readonly TOKEN_RIGHT_CURLY: 'right-curly';
    readonly TOKEN_OPERATOR: 'operator';
    readonly TOKEN_COMMA: 'comma';
    readonly TOKEN_COLON: 'colon';
    readonly TOKEN_TILDE: 'tilde';
    readonly TOKEN_PIPE: 'pipe';
    readonly TOKEN_INT: 'int';
    readonly TOKEN_FLOAT: 'float';
    readonly TOKEN_SYMBOL: 'symbol';
  };
  export default lexer;
}

declare module 'nunjucks/src/nodes.js' {
  class Node {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    constructor(lineno: number, colno: number, ...fields: unknown[]);
    static extend(name: string, properties?: { fields?: readonly string[] }): typeof Node;
  }
  const nodes: Readonly<Record<string, typeof Node>> & { readonly Node: typeof Node };
  export default nodes;
}

declare module 'nunjucks/src/parser.js' {
  export interface Token {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }
  class Parser {
    constructor(tokens: { nextToken(): Token | null });
    breakOnBlocks: readonly string[] | null;
    nextToken(withWhitespace?: boolean): Token | null;
    peekToken(): Token | null;
    pushToken(token: Token | null): void;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(name: string): boolean;
    fail(message: string, lineno?: number, colno?: number): never;
    parseUntilBlocks(...names: string[]): unknown;
    parseAsRoot(): unknown;
    parseStatement(): unknown;
    parseNodes(): unknown[];
  }
  const parser: { readonly Parser: typeof Parser };
  export default parser;
}

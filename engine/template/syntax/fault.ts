// A template that cannot be read: what is wrong, and at which line and column of its text.

/** Thrown by lexer and parser; `line` and `column` count from 1 within the template's text. */
export class SyntaxFault extends Error {
  readonly line: number;
  readonly column: number;
  /** What to do about it. */
  readonly hint: string | undefined;
  constructor(message: string, line: number, column: number, hint?: string) {
    super(message);
    this.hint = hint;
    this.name = 'SyntaxFault';
    this.line = line;
    this.column = column;
  }
}

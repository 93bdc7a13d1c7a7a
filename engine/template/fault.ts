// What goes wrong inside of an evaluation, as Python's exceptions do: it has a kind and a message and no place yet. The
// evaluator adds template, position and trail and turns it into the TemplateError that the rest of the engine sees.

export type FaultKind =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'SyntaxError'
  | 'TemplateError'
  | 'UndefinedError'
  | 'LimitError'
  | 'OSError'
  | 'LookupError';

/** An error raised while a template is evaluated. `message` is the text that users see. */
export class Fault extends Error {
  readonly kind: FaultKind;
  /** Where it happened, as the evaluator knows it. */
  origin: unknown;
  /** True for a message that says all, without the words that tell where it came from. */
  readonly plain: boolean;
  /** What to do about it. */
  readonly hint: string | undefined;
  constructor(kind: FaultKind, message: string, options?: { cause?: unknown; plain?: boolean; hint?: string }) {
    super(message, options);
    this.name = 'Fault';
    this.kind = kind;
    this.plain = options?.plain ?? false;
    this.hint = options?.hint;
  }
}

/** Throws a TypeError fault; for use in expressions. */
export function typeFault(message: string): never {
  throw new Fault('TypeError', message);
}

/** Throws a ValueError fault; for use in expressions. */
export function valueFault(message: string): never {
  throw new Fault('ValueError', message);
}

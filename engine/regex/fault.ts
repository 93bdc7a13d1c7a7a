// What is wrong with a regular expression, or with its use.

import { TroupeError } from '../model/errors.ts';

/** `invalid`: it cannot be read. `unbounded`: it would take too long, or too much memory, on a text. */
export class RegexFault extends TroupeError {
  readonly exitCode = 2;
  readonly kind: 'invalid' | 'unbounded';
  constructor(kind: RegexFault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

// Python's regular expressions, whose faults are a template's.

import { compiler } from '../../regex/pattern.ts';
import { Fault } from '../fault.ts';

/** The pattern of a text. Throws Faults for what is no pattern, and for a match that takes too long. */
export const compile = compiler(
  (fault) => new Fault(fault.kind === 'invalid' ? 'ValueError' : 'LimitError', fault.message, { cause: fault }),
);

// Python's regular expressions in arguments such as regexp and search_regex.

import { ModuleFailure } from '../../engine/module/contract.ts';
import { compiler } from '../../engine/regex/pattern.ts';

/** The pattern of an argument. Throws ModuleFailure for what is none, and for a match that takes too long. */
export const pythonRegex = compiler(
  ({ kind, message }, source) =>
    new ModuleFailure(kind === 'invalid' ? `'${source}' is not a valid regular expression: ${message}` : message),
);

// All lookups by their short names; the evaluator finds them here.

import type { Lookup } from '../library.ts';

export const lookups: ReadonlyMap<string, Lookup> = new Map<string, Lookup>();

// All tests by their short names; the evaluator finds them here.

import type { Test } from '../library.ts';

export const tests: ReadonlyMap<string, Test> = new Map<string, Test>();

// All filters by their short names; the evaluator finds them here.

import type { Filter } from '../library.ts';

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>();

// All filters by the names under which templates may call them: short and fully qualified.

import type { Filter } from '../library.ts';
import { choice } from './choice.ts';
import { comments } from './comment.ts';
import type { FilterTable } from './define.ts';
import { dicts } from './dicts.ts';
import { encoding } from './encoding.ts';
import { formats } from './formats.ts';
import { lists } from './lists.ts';
import { markup } from './markup.ts';
import { numbers } from './numbers.ts';
import { pathFilters } from './paths.ts';
import { randomness } from './random.ts';
import { regex } from './regex.ts';
import { selecting } from './select.ts';
import { sequence } from './sequence.ts';
import { time } from './time.ts';
import { words } from './words.ts';

const BUILTIN: FilterTable = [
  ...choice,
  ...comments,
  ...dicts,
  ...encoding,
  ...formats,
  ...lists,
  ...markup,
  ...numbers,
  ...pathFilters,
  ...randomness,
  ...regex,
  ...selecting,
  ...sequence,
  ...time,
  ...words,
];

export const filters: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...BUILTIN,
  ...BUILTIN.flatMap(([name, filter]): [string, Filter][] => [
    [`ansible.builtin.${name}`, filter],
    [`ansible.legacy.${name}`, filter],
  ]),
]);

// All tests by the names under which templates may call them: short and fully qualified.

import type { Test } from '../library.ts';
import { comparison } from './comparison.ts';
import { files } from './files.ts';
import { kinds } from './kinds.ts';
import { results } from './results.ts';
import { textTests } from './text.ts';

const BUILTIN = [...kinds, ...comparison, ...results, ...textTests, ...files];

export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...BUILTIN,
  ...BUILTIN.flatMap(([name, test]): [string, Test][] => [
    [`ansible.builtin.${name}`, test],
    [`ansible.legacy.${name}`, test],
  ]),
]);

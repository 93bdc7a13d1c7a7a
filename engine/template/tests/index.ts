// All tests by the names under which templates may call them: short and fully qualified.

import type { Test } from '../library.ts';
import { comparison } from './comparison.ts';
import type { TestTable } from './define.ts';
import { files } from './files.ts';
import { kinds } from './kinds.ts';
import { moduleTests } from './modules.ts';
import { hostnameTests, networkTests } from './network.ts';
import { resolverTests } from './resolvable.ts';
import { results } from './results.ts';
import { schemaTests, typeTests } from './schema.ts';
import { textTests } from './text.ts';

const BUILTIN: TestTable = [...kinds, ...comparison, ...results, ...textTests, ...files];

function under(prefix: string, table: TestTable): [string, Test][] {
  return table.map(([name, test]) => [`${prefix}.${name}`, test]);
}

export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...BUILTIN,
  ...under('ansible.builtin', BUILTIN),
  ...under('ansible.legacy', BUILTIN),
  ...under('ansible.utils', [...networkTests, ...resolverTests, ...schemaTests]),
  ...under('community.general', [...hostnameTests, ...moduleTests, ...typeTests]),
]);

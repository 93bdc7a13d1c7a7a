// community.general's a_module: does a name lead to a module?

import { Fault } from '../fault.ts';
import { str } from '../python/text.ts';
import { isText, typeName } from '../python/types.ts';
import { type TestTable, test } from './define.ts';

export const moduleTests: TestTable = test('a_module', [], (input, _args, env) => {
  if (!isText(input)) throw new Fault('TypeError', `the name of a module is no text: ${typeName(input)}`);
  return env.context.services.knowsModule(str(input));
});

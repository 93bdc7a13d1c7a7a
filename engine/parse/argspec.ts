// A role's argument specification, and the task that holds its arguments against it.

import { PlaybookError } from '../model/errors.ts';
import type { Role, Task } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import { type Dict, trusted, type Value } from '../model/value.ts';
import type { Load, Where } from './context.ts';
import { firstDocument } from './meta.ts';
import { asMap, entry, kindOf } from './shape.ts';

export interface ArgumentSpec {
  readonly entryPoint: string;
  readonly position: Position;
  readonly options: Dict;
  readonly summary: string;
}

/** The specification of an entry point; undefined when the role has none for it. Throws PlaybookError. */
export async function findArgumentSpec(
  rolePath: string,
  entryPoint: string,
  load: Load,
): Promise<ArgumentSpec | undefined> {
  const own = await firstDocument(rolePath, ['argument_specs.yml', 'argument_specs.yaml', 'argument_specs.json'], load);
  const document = own ?? (await firstDocument(rolePath, ['main.yml', 'main.yaml', 'main.json'], load));
  const map = document ? asMap(document) : undefined;
  const specs = map ? entry(map, 'argument_specs')?.node : undefined;
  const all = specs ? asMap(specs) : undefined;
  const spec = all ? entry(all, entryPoint)?.node : undefined;
  if (!spec || spec.value === null) return undefined;
  const found = asMap(spec);
  if (!found)
    throw new PlaybookError(
      `The argument specification '${entryPoint}' must be a dictionary, and is ${kindOf(spec.value)}.`,
      {
        position: spec.position,
      },
    );
  const options = entry(found, 'options')?.node.value;
  const summary = entry(found, 'short_description')?.node.value;
  return {
    entryPoint,
    position: spec.position,
    options: options instanceof Map ? options : new Map(),
    summary: typeof summary === 'string' ? summary : '',
  };
}

/** The first task of a role with a specification: always run, it fails with all that is wrong with the arguments. */
export function validationTask(spec: ArgumentSpec, role: Role, where: Where, load: Load): Task {
  const { position } = spec;
  const context: Dict = new Map<Value, Value>([
    ['type', 'role'],
    ['name', role.name],
    ['argument_spec_name', spec.entryPoint],
    ['path', role.path],
  ]);
  const title = `Validating arguments against arg spec '${spec.entryPoint}'${spec.summary ? ` - ${spec.summary}` : ''}`;
  return {
    kind: 'task',
    position,
    name: { value: trusted(title, position), position },
    action: load.options.validateAction,
    actionPosition: position,
    args: new Map<Value, Value>([
      ['argument_spec', spec.options],
      ['provided_arguments', role.params],
      ['validate_args_context', context],
    ]),
    freeForm: undefined,
    argPositions: new Map(),
    directives: { tags: { value: ['always'], position } },
    vars: new Map(),
    loop: undefined,
    handler: false,
    role,
    parent: where.parent,
    file: where.file,
  };
}

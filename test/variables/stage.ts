// A stage for variables: real folders, a real inventory and playbook, and the variables over them.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadInventory } from '../../engine/inventory/load.ts';
import { TemplateError } from '../../engine/model/errors.ts';
import type { Inventory } from '../../engine/model/inventory.ts';
import type { Node, Play, Task } from '../../engine/model/playbook.ts';
import { type Dict, type Scope, Template, type Value } from '../../engine/model/value.ts';
import { createLoader, type PlaybookLoader } from '../../engine/parse/loader.ts';
import { parseDocument, parseYaml } from '../../engine/parse/yaml.ts';
import { createVariables, type Variables, type VariablesOptions } from '../../engine/variables/variables.ts';

export interface Stage {
  readonly folder: string;
  readonly inventory: Inventory;
  readonly loader: PlaybookLoader;
  readonly plays: readonly Play[];
  readonly variables: Variables;
  /** Vars files that were read, in order, relative to the folder. */
  readonly reads: string[];
  readonly warned: string[];
  remove(): void;
}

/** Builds a stage from files; the inventory is `inv/hosts`, the playbook `book/play.yml`. */
export async function stage(
  files: Readonly<Record<string, string>>,
  options: Partial<VariablesOptions> = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'variables-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const reads: string[] = [];
  const warned: string[] = [];
  const hooks = { warn: (message: string) => void warned.push(message) };
  const parse = (text: string, file: string): Value => parseYaml(text, file, hooks).value;
  const inventory = await loadInventory([join(folder, 'inv/hosts')], {
    parseYaml: (text, file) => parseDocument(text, file, hooks),
    warn: hooks.warn,
  });
  const loader = createLoader({
    ...hooks,
    rolesPath: [],
    collectionsPaths: [],
    isAction: () => true,
    unwritten: () => undefined,
    countBeside: () => {},
    nearActions: () => [],
    isLookup: () => true,
    renderStatic: (value) => value,
    validateAction: 'validate_argument_spec',
  });
  const plays = await loader.playbook(join(folder, 'book/play.yml'));
  const variables = createVariables({
    inventory,
    extraVars: new Map(),
    playbookDir: join(folder, 'book'),
    run: { checkMode: false, diffMode: false, forks: 5, verbosity: 0, runTags: ['all'], skipTags: [] },
    readVars: (file) => {
      reads.push(file.slice(folder.length + 1));
      return parse(readFileSync(file, 'utf8'), file);
    },
    render: renderName,
    warn: hooks.warn,
    ...options,
  });
  return {
    folder,
    inventory,
    loader,
    plays,
    variables,
    reads,
    warned,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Just enough of a template language for the names of files. */
function renderName(value: Value, scope: Scope): Value {
  if (!(value instanceof Template)) return value;
  return value.text.replace(/\{\{ *(\w+) *\}\}/g, (_, name: string) => {
    const found = scope.get(name);
    if (found === undefined) throw new TemplateError(`'${name}' is undefined`, { undefinedName: true });
    return String(found);
  });
}

/** Starts the play with all of its hosts. */
export function begin(on: Stage, play: Play, hosts: readonly string[], prompted: Dict = new Map()): void {
  on.variables.setPlay({ play, hosts, batch: hosts, remaining: hosts, prompted });
}

export function tasksOf(nodes: readonly Node[]): Task[] {
  return nodes.flatMap((node) =>
    node.kind === 'task' ? [node] : tasksOf([...node.body, ...node.rescue, ...node.always]),
  );
}

// What every construct's reader is handed: the loader's options, and where in the tree it reads.

import { PlaybookError } from '../model/errors.ts';
import type { Block, Role } from '../model/playbook.ts';
import type { Position } from '../model/position.ts';
import type { Dict, Value } from '../model/value.ts';
import type { Files } from './files.ts';
import { parseYaml, type YamlHooks, type YamlNode } from './yaml.ts';

export interface LoaderOptions extends YamlHooks {
  /** Where files come from; the disk when left out. */
  readonly files?: Files | undefined;
  /** Folders where roles are looked for, absolute (setting roles_path). */
  readonly rolesPath: readonly string[];
  /** Folders that hold `ansible_collections` (setting collections_path). */
  readonly collectionsPaths: readonly string[];
  /** Is it a module or action, searched in these collections too? */
  isAction(name: string, collections: readonly string[]): boolean;
  /** The full name of a module that is known but cannot be run; undefined for every other. */
  unwritten(name: string, collections: readonly string[]): string | undefined;
  /** What lies beside a playbook or in a role (plugins, modules) counts from now on. */
  countBeside(folder: string): void;
  /** Names much like one that is none, best first. */
  nearActions(name: string): readonly string[];
  /** Is it a lookup, as `with_<name>` needs one? */
  isLookup(name: string): boolean;
  /** Renders a name that has to be known at load, in these variables (and extra vars). Throws TemplateError. */
  renderStatic(value: Value, vars: Dict): Value;
  /** The action that checks a role's arguments: `ansible.builtin.validate_argument_spec`. */
  readonly validateAction: string;
  /** False makes unknown task keywords a warning (setting invalid_task_attribute_failed). */
  readonly refuseUnknownKeywords?: boolean | undefined;
}

/** Where a construct stands. */
export interface Where {
  readonly file: string;
  readonly playbookDir: string;
  readonly role: Role | undefined;
  readonly parent: Block | undefined;
  readonly handler: boolean;
  /** `collections:` in force, for short names of modules and roles. */
  readonly collections: readonly string[];
  /** Variables known at load, for names in import_*: those of roles' defaults, and all others, outer first. */
  readonly scope: StaticScope;
}

export interface StaticScope {
  readonly defaults: readonly Dict[];
  readonly vars: readonly Dict[];
}

/** What a load works with; one for each call of the loader. */
export class Load {
  readonly options: LoaderOptions;
  readonly files: Files;
  readonly #faults: PlaybookError[] = [];
  readonly #nodes: Map<string, Promise<YamlNode>>;

  constructor(options: LoaderOptions, files: Files, nodes: Map<string, Promise<YamlNode>>) {
    this.options = options;
    this.files = files;
    this.#nodes = nodes;
  }

  /** The document in a file, read once. Throws PlaybookError, exit code 1 when the file cannot be read. */
  node(path: string, from?: Position): Promise<YamlNode> {
    let known = this.#nodes.get(path);
    if (!known) {
      known = this.fresh(path, from);
      this.#nodes.set(path, known);
      known.catch(() => this.#nodes.delete(path));
    }
    return known;
  }

  /** The document in a file as it is now. */
  async fresh(path: string, from?: Position): Promise<YamlNode> {
    return parseYaml(await this.text(path, from), path, this.options);
  }

  async text(path: string, from?: Position): Promise<string> {
    try {
      return await this.files.read(path);
    } catch (cause) {
      if (cause instanceof PlaybookError) throw cause;
      if ((cause as NodeJS.ErrnoException).code === 'EISDIR')
        throw new PlaybookError(`'${path}' is a directory, and a file is needed here.`, {
          position: from,
          exitCode: 1,
        });
      throw new PlaybookError(`Could not find or access '${path}' on the Ansible Controller.`, {
        position: from,
        exitCode: 1,
        cause,
      });
    }
  }

  /** Does the work; a fault of the playbook is kept, and what comes after is read all the same. */
  async attempt<T>(work: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PlaybookError)) throw error;
      this.fault(error);
      return undefined;
    }
  }

  fault(error: PlaybookError): void {
    this.#faults.push(error);
  }

  /** Throws what was kept, the first with all the others. */
  raise(): void {
    const all = this.#faults.flatMap((fault) => [fault, ...fault.others]);
    const seen = new Set<string>();
    const distinct = all.filter((fault) => {
      const key = `${fault.message}\0${JSON.stringify(fault.position)}`;
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    const [first, ...others] = distinct;
    if (!first) return;
    throw new PlaybookError(first.message, {
      position: first.position,
      hint: first.hint,
      cause: first.cause,
      exitCode: first.exitCode,
      others,
    });
  }
}

/** All variables of a static scope in one dict. */
export function flatten(scope: StaticScope, where: Where): Dict {
  const all: Dict = new Map();
  for (const layer of [...scope.defaults, ...scope.vars]) for (const [name, value] of layer) all.set(name, value);
  all.set('playbook_dir', where.playbookDir);
  if (where.role) {
    all.set('role_path', where.role.path);
    all.set('role_name', where.role.name.split('.').at(-1) ?? where.role.name);
    all.set('ansible_role_name', where.role.name);
  }
  return all;
}

/** The scope with one more layer of variables. */
export function within(scope: StaticScope, vars: Dict): StaticScope {
  return vars.size === 0 ? scope : { defaults: scope.defaults, vars: [...scope.vars, vars] };
}

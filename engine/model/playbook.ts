// What parsing makes of playbooks and roles: a tree of blocks and tasks with raw (unrendered) values and positions.
// import_tasks, import_role, roles: and role dependencies are blocks of this tree; include_* are tasks of it.

import type { Position } from './position.ts';
import type { Dict, Value } from './value.ts';

/** A raw value with its place. */
export interface Located {
  readonly value: Value;
  readonly position: Position;
}

/** Keywords that stand on a play, role, block or task, by `Keyword.field` (structure such as `tasks` or `block` left out). */
export type Directives = Readonly<Record<string, Located | undefined>>;

export interface Play {
  readonly kind: 'play';
  readonly position: Position;
  /** The playbook file that it stands in. */
  readonly file: string;
  readonly name: Located | undefined;
  readonly hosts: Located;
  /** Keywords, `vars`, `vars_files`, `serial` ... included. */
  readonly directives: Directives;
  /** `vars` and, for imported playbooks, the import's `vars` beneath them. */
  readonly vars: Dict;
  /** Roles that stand in `roles:` and their dependencies, in the order in which they run; each is a block. */
  readonly preTasks: readonly Node[];
  readonly roles: readonly Block[];
  readonly tasks: readonly Node[];
  readonly postTasks: readonly Node[];
  readonly handlers: readonly Node[];
  /** Conditions of `import_playbook ... when`, laid on every task. */
  readonly conditions: readonly Located[];
}

/** A role as its folder has it, loaded once for each place that uses it. */
export interface Role {
  readonly name: string;
  /** The collection it comes from, '' for a role of its own. */
  readonly collection: string;
  /** Absolute folder. */
  readonly path: string;
  readonly position: Position | undefined;
  readonly defaults: Dict;
  /** vars/main and the entry point's vars file. */
  readonly vars: Dict;
  /** Parameters given where the role is used (`roles: - role: x, param: 1`). */
  readonly params: Dict;
  readonly dependencies: readonly Role[];
  /** argument_specs of the entry point in use: options as raw dict, or undefined. */
  readonly argumentSpec: Dict | undefined;
  readonly entryPoint: string;
  readonly handlers: readonly Node[];
  /** Its own nodes; their outermost parent is the role's own block. */
  readonly tasks: readonly Node[];
  /** What running it means: a block (origin `role`) for every dependency, deepest first, and its own last. */
  readonly blocks: readonly Block[];
  /** Equal for two uses of the role with the same parameters, conditions and tags: the second is skipped unless `allowDuplicates`. */
  readonly identity: string;
  readonly allowDuplicates: boolean;
  /** Galaxy `meta/main.yml` collections:, for module lookup. */
  readonly collections: readonly string[];
  /** Names of the roles whose import_role or include_role brought it in, nearest first (for `ansible_parent_role_names`). */
  readonly parents: readonly string[];
  /** Roles above it, outermost first: those that depend on it and those that include it. Their vars and params reach it. */
  readonly chain: readonly Role[];
  /** False keeps defaults and vars from the rest of the play (include_role without public). */
  readonly public: boolean;
}

export type Node = Block | Task;

export interface Block {
  readonly kind: 'block';
  readonly position: Position;
  readonly name: Located | undefined;
  /** Written by the user as `block:`, or made by the parser for an import or a role. */
  readonly origin: 'block' | 'import_tasks' | 'import_role' | 'role' | 'include';
  readonly directives: Directives;
  readonly vars: Dict;
  readonly body: readonly Node[];
  readonly rescue: readonly Node[];
  readonly always: readonly Node[];
  /** The role that the nodes within belong to. */
  readonly role: Role | undefined;
  /** The enclosing block; set once by the parser (or by the executor for what an include brought). */
  parent: Block | undefined;
  /** The file that it stands in: relative names of files and includes are looked up from its folder. */
  readonly file: string;
}

export interface Task {
  readonly kind: 'task';
  readonly position: Position;
  readonly name: Located | undefined;
  /** The module's or action's name as written: `copy`, `ansible.builtin.copy`. */
  readonly action: string;
  readonly actionPosition: Position;
  /**
   * Arguments: a dict (`args:` merged in), or one template that has to render to a dict. Where both are given, the
   * template stands in the dict as `_variable_params`, beneath the others.
   */
  readonly args: Dict | Value;
  /** `_raw_params`: free form text of command, shell, include_tasks, meta ... */
  readonly freeForm: Value | undefined;
  /** Where each argument stands. */
  readonly argPositions: ReadonlyMap<string, Position>;
  readonly directives: Directives;
  readonly vars: Dict;
  readonly loop: Loop | undefined;
  readonly handler: boolean;
  readonly role: Role | undefined;
  parent: Block | undefined;
  readonly file: string;
}

export interface Loop {
  /** The lookup of `with_<lookup>`, or undefined for `loop:`. */
  readonly lookup: string | undefined;
  readonly items: Located;
  /** Raw loop_control keywords: loop_var, index_var, label, pause, extended, extended_allitems, break_when. */
  readonly control: Dict;
}

/** Brings in what tasks name at run time. Passed to the executor, so that it never parses. */
export interface Loader {
  /** A tasks file for include_tasks. Throws PlaybookError. */
  tasks(
    file: string,
    use: { readonly role: Role | undefined; readonly parent: Block | undefined; readonly handler: boolean },
  ): Promise<readonly Node[]>;
  /** A role for include_role. Throws PlaybookError. */
  role(name: string, use: RoleUse): Promise<Role>;
  /** A vars file (YAML or JSON), or the merged files of a folder's. Throws PlaybookError. */
  vars(file: string): Promise<Value>;
}

export interface RoleUse {
  readonly position: Position;
  readonly parent: Block | undefined;
  /** The role whose task includes it. */
  readonly from: Role | undefined;
  readonly tasksFrom?: string | undefined;
  readonly varsFrom?: string | undefined;
  readonly defaultsFrom?: string | undefined;
  readonly handlersFrom?: string | undefined;
  readonly params?: Dict | undefined;
  readonly public?: boolean | undefined;
  readonly allowDuplicates?: boolean | undefined;
  /** False leaves its argument specification alone. */
  readonly validate?: boolean | undefined;
  /** The folder of the playbook, one of the places where roles are looked for. */
  readonly playbookDir: string;
}

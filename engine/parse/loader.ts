// The door of this folder: a loader for whole playbooks, and for what tasks name at run time.

import { dirname, resolve } from 'node:path';
import { PlaybookError } from '../model/errors.ts';
import type { Block, Loader, Node, Play, Role, RoleUse } from '../model/playbook.ts';
import type { Value } from '../model/value.ts';
import { readNodes } from './block.ts';
import { Load, type LoaderOptions, type StaticScope, type Where } from './context.ts';
import { diskFiles } from './files.ts';
import { findTasks } from './imports.ts';
import { readPlaybook } from './playbook.ts';
import { loadRole } from './role.ts';
import { findCollectionPlaybook } from './search.ts';
import { readVarsPath } from './varsfile.ts';
import type { YamlNode } from './yaml.ts';

export type { LoaderOptions } from './context.ts';

export interface PlaybookLoader extends Loader {
  /**
   * All plays of a playbook, imports resolved.
   * @param path a file, or `ns.col.play`
   * @throws PlaybookError with everything that was found (`others`); exit code 1 for a missing file or role, else 4
   */
  playbook(path: string): Promise<Play[]>;
  /** The positions and values of one YAML file, for what reads a document of its own shape. */
  document(path: string): Promise<YamlNode>;
}

/** A loader over these options. Files are read once a loader, vars files each time. */
export function createLoader(options: LoaderOptions): PlaybookLoader {
  const files = options.files ?? diskFiles;
  const nodes = new Map<string, Promise<YamlNode>>();
  let playbookDir = '.';
  const begin = (): Load => new Load(options, files, nodes);
  const finish = async <T>(load: Load, work: () => Promise<T>): Promise<T> => {
    const result = await load.attempt(work);
    load.raise();
    return result!;
  };
  return {
    playbook: (path) => {
      const load = begin();
      return finish(load, async () => {
        const file = (await findCollectionPlaybook(path, load)) ?? resolve(path);
        const kind = await files.kind(file);
        if (kind !== 'file')
          throw new PlaybookError(
            `the playbook: ${path} ${kind === undefined ? 'could not be found' : 'does not appear to be a file'}`,
            { exitCode: 1 },
          );
        playbookDir = dirname(file);
        options.countBeside(playbookDir);
        return readPlaybook(file, load);
      });
    },
    tasks: (file, use) => {
      const load = begin();
      return finish(load, async (): Promise<readonly Node[]> => {
        const from = use.parent?.file ?? resolve(playbookDir, 'playbook.yml');
        const where = place({ ...use, file: from, playbookDir });
        const path = await findTasks(file, where, load, use.parent?.position);
        return readNodes(await load.node(path), 'included tasks', { ...where, file: path }, load);
      });
    },
    role: (name, use: RoleUse) => {
      const load = begin();
      const where = place({
        role: use.from,
        parent: use.parent,
        handler: false,
        file: use.position.file,
        playbookDir: use.playbookDir,
      });
      return finish(load, (): Promise<Role> => loadRole({ ...use, name }, where, load));
    },
    vars: (file): Promise<Value> => {
      const load = begin();
      return finish(load, () => readVarsPath(resolve(file), load));
    },
    document: (path) => begin().fresh(resolve(path)),
  };
}

/** Where something stands that is brought in at run time: what the tree above it says. */
function place(at: {
  readonly role: Role | undefined;
  readonly parent: Block | undefined;
  readonly handler: boolean;
  readonly file: string;
  readonly playbookDir: string;
}): Where {
  return { ...at, collections: at.role ? collectionsOf(at.role) : [], scope: scopeOf(at) };
}

function collectionsOf(role: Role): string[] {
  return [...(role.collection ? [role.collection] : []), ...role.collections];
}

/** The variables of roles and blocks above, outer first. */
function scopeOf(at: { readonly role: Role | undefined; readonly parent: Block | undefined }): StaticScope {
  const vars: StaticScope['vars'][number][] = [];
  for (let block = at.parent; block; block = block.parent) vars.unshift(block.vars);
  const { role } = at;
  return role ? { defaults: [role.defaults], vars: [role.vars, ...vars, role.params] } : { defaults: [], vars };
}

// include_vars: reads variables from a file or a folder of files while the play runs.

import { ModuleFailure } from '../engine/model/errors.ts';
import { toJson, type Value } from '../engine/model/value.ts';
import { defineControl, type Json, type JsonObject } from '../engine/module/control.ts';

const OF_FOLDERS = ['depth', 'files_matching', 'ignore_files', 'extensions', 'ignore_unknown_extensions'] as const;

export default defineControl({
  control: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Reads variables from YAML or JSON files.',
    examples: `
- name: What differs by system
  include_vars: "{{ ansible_facts['os_family'] | default('Debian') }}.yml"
- name: A whole folder, under one name
  include_vars:
    dir: settings
    extensions: [yml]
    name: settings
`,
    returns: {
      ansible_facts: 'The variables.',
      ansible_included_var_files: 'The files that were read.',
    },
  },
  schema: {
    file: {
      type: 'path',
      freeForm: true,
      doc: 'The file; relative ones are looked for in vars/ of the role or beside the playbook.',
    },
    dir: { type: 'path', doc: 'A folder whose files are read in alphabetical order.' },
    name: { type: 'str', doc: 'Puts all variables in a dict of this name.' },
    depth: { type: 'int', doc: 'How deep to go into the folder; 0 means all the way.' },
    files_matching: { type: 'str', doc: 'Only files whose name matches this regular expression.' },
    ignore_files: { type: 'list', elements: 'str', doc: 'Names, or regular expressions, of files to leave out.' },
    extensions: {
      type: 'list',
      elements: 'str',
      doc: 'Extensions of the files to read: json, yaml and yml if not given.',
    },
    ignore_unknown_extensions: { type: 'bool', doc: 'Passes over files of other extensions instead of failing.' },
    hash_behaviour: { type: 'str', choices: ['replace', 'merge'], doc: 'How dicts that exist already are combined.' },
  },
  async decide(args, view) {
    const ofFolders = OF_FOLDERS.some((name) => args[name] !== undefined);
    if (args.file !== undefined && (args.dir !== undefined || ofFolders)) {
      throw new ModuleFailure('You are mixing file only and dir only arguments, these are incompatible');
    }
    const { vars: read, files } = await view.readVars(requestOf(args));
    const vars: ReadonlyMap<Value, Value> =
      args.name === undefined || args.name === '' ? read : new Map<Value, Value>([[args.name, new Map(read)]]);
    return {
      data: { ansible_facts: toJson(new Map(vars)), ansible_included_var_files: [...files] },
      effects: [{ kind: 'set-vars', vars }],
    };
  },
});

/** The arguments that were given, and the defaults that belong to folders. */
function requestOf(args: Readonly<Record<string, Json | undefined>>): JsonObject {
  const request: Record<string, Json> = {};
  for (const [name, value] of Object.entries(args)) if (value !== undefined && name !== 'name') request[name] = value;
  if (request['dir'] === undefined) return request;
  return { depth: 0, extensions: ['json', 'yaml', 'yml'], ignore_unknown_extensions: false, ...request };
}

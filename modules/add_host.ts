// add_host: adds a host to the inventory of this run.

import { ModuleFailure } from '../engine/model/errors.ts';
import { type Json, type JsonObject, setOwn, toJson } from '../engine/model/value.ts';
import { defineControl } from '../engine/module/control.ts';
import { toText } from '../engine/module/schema.ts';
import { splitPort } from './shared/names.ts';

export default defineControl({
  control: true,
  open: true,
  once: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Adds a host, with groups and variables, to the inventory of this run.',
    notes: ['Runs once for all hosts. All further arguments become variables of the new host.'],
    examples: `
- name: The machine that was just made
  add_host:
    name: 10.0.0.7
    groups: [fresh, web]
    ansible_user: admin
`,
    returns: { add_host: 'Name, groups and variables as they were added.' },
  },
  schema: {
    name: { type: 'str', aliases: ['host', 'hostname'], doc: 'Name or address; `name:port` sets the port.' },
    groups: { type: 'raw', aliases: ['group', 'groupname'], doc: 'Groups to put it in: a list, or text with commas.' },
  },
  decide(args, view) {
    if (args.name === undefined) throw new ModuleFailure('name, host or hostname needs to be provided');
    const { host, port } = splitPort(args.name);
    const vars: Record<string, Json> = {};
    for (const [key, value] of view.extra) setOwn(vars, key, toJson(value));
    if (port !== undefined) vars['ansible_ssh_port'] = port;
    const groups = groupsOf(args.groups);
    return {
      changed: true,
      data: { add_host: { groups, host_name: host, host_vars: vars as JsonObject } },
      effects: [{ kind: 'add-host', name: host, groups, vars }],
    };
  },
});

function groupsOf(given: Json | undefined): string[] {
  if (given === undefined) return [];
  const names = Array.isArray(given) ? given.map(toText) : toText(given).split(',');
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

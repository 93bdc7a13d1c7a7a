// group: groups of the host, by groupadd and its kin, or by editing /etc/group where there are none.

import {
  ABSENT,
  type Action,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Plan,
} from '../engine/module/contract.ts';
import type { ArgsOf, Schema } from '../engine/module/schema.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { accountScript, EDIT_FILES, hasTool, localTools, readAccounts, type Tools } from './shared/accounts/inquiry.ts';
import { decode } from './shared/sections.ts';
import { isAbsent, isUnknown, stateOf } from './shared/seen.ts';

const schema = {
  name: { type: 'str', required: true, doc: 'The group.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'There or gone.' },
  gid: { type: 'int', doc: 'Its number.' },
  gid_min: { type: 'int', doc: 'Lowest number to choose from.' },
  gid_max: { type: 'int', doc: 'Highest number to choose from.' },
  system: { type: 'bool', default: false, doc: 'A system group, when it is made.' },
  local: { type: 'bool', default: false, doc: "Looks only at the host's own files and uses the lgroup* commands." },
  non_unique: { type: 'bool', default: false, doc: 'Takes a number that another group has.' },
  force: { type: 'bool', default: false, doc: "Deletes it though it is a user's primary group." },
} as const satisfies Schema;
type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Makes, changes and deletes groups.',
    examples: `
- name: A group for the deployers
  group:
    name: deploy
    gid: 2000
`,
    returns: { gid: 'Its number.', name: 'Its name.', state: 'As asked for.', system: 'As asked for.' },
  },
  schema,
  rules: { requiredIf: [{ arg: 'non_unique', is: true, then: ['gid'] }] },
  inspect(args) {
    if (args.local && (args.gid_min !== undefined || args.gid_max !== undefined)) {
      const option = args.gid_min === undefined ? 'gid_max' : 'gid_min';
      throw new ModuleFailure(`'local' can not be used with '${option}'`);
    }
    return {
      kind: 'question',
      script: accountScript(undefined, [args.name], { local: args.local }),
      read: (answer) => readAccounts(undefined, [args.name], answer),
    };
  },
  plan(args, seen) {
    const now = stateOf(seen, `group:${args.name}`);
    const tools = toolsOf(args, (tool) => hasTool(seen, tool));
    if (args.state === 'absent') {
      if (isAbsent(now)) return { kind: 'plan', actions: [], data: { name: args.name, state: 'absent' } };
      return applied(args, {
        changes: [{ of: `group:${args.name}`, before: isUnknown(now) ? {} : now, after: ABSENT }],
        step: { run: remove(args, tools), failure: '' },
      });
    }
    if (isAbsent(now)) {
      const after = { members: [], ...(args.gid === undefined ? {} : { gid: args.gid }) };
      return applied(args, {
        changes: [{ of: `group:${args.name}`, before: ABSENT, after }],
        step: { run: add(args, tools), failure: '' },
      });
    }
    if (isUnknown(now) || args.gid === undefined || now['gid'] === args.gid || now['gid'] === undefined) {
      const gid = isUnknown(now) ? {} : { gid: now['gid'] ?? null };
      return { kind: 'plan', actions: [], data: { ...described(args), ...gid } };
    }
    const change = { of: `group:${args.name}`, before: now, after: { gid: args.gid } } as const;
    const step = { run: modify(args, tools), failure: '' };
    return { ...applied(args, { changes: [change], step }), pending: { ...described(args), gid: now['gid'] ?? null } };
  },
});

function described(args: Args): JsonObject {
  return args.state === 'absent'
    ? { name: args.name, state: 'absent' }
    : { name: args.name, state: 'present', system: args.system };
}

/** A plan whose result is known only once it is applied; a dry run registers no more than the change. */
function applied(args: Args, action: Action): Plan {
  return {
    kind: 'plan',
    actions: [action],
    conclude(outputs) {
      const gid = decode(outputs[0]!.stdout).trimEnd().split('\n').at(-1)?.split(':')[2];
      return { ...described(args), ...(args.state === 'present' && gid !== undefined ? { gid: Number(gid) } : {}) };
    },
  };
}

function toolsOf(args: Args, has: (tool: string) => boolean): Tools {
  if (args.local) return localTools(has, 'lgroupadd');
  return has('groupadd') ? 'shadow' : 'files';
}

const TELL = sh`if command -v getent >/dev/null 2>&1; then getent group "$name"; else awk -F: -v g="$name" '$1 == g' /etc/group; fi`;

function add(args: Args, tools: Tools): Script {
  const range = [
    ...(args.gid_min === undefined ? [] : ['-K', `GID_MIN=${args.gid_min}`]),
    ...(args.gid_max === undefined ? [] : ['-K', `GID_MAX=${args.gid_max}`]),
  ];
  const words = [
    ...(args.gid === undefined ? [] : ['-g', args.gid, ...(args.non_unique && tools === 'shadow' ? ['-o'] : [])]),
    ...(args.system ? ['-r'] : []),
    ...(tools === 'shadow' ? range : []),
  ];
  if (tools !== 'files') {
    return lines(
      sh`name=${args.name}`,
      sh`${tools === 'local' ? 'lgroupadd' : 'groupadd'} ${words} "$name" || exit`,
      TELL,
    );
  }
  const low = args.gid_min ?? (args.system ? 100 : 1000);
  const high = args.gid_max ?? (args.system ? 999 : 60000);
  return lines(
    sh`name=${args.name}; gid=${args.gid ?? ''}`,
    EDIT_FILES,
    sh`[ -n "$gid" ] || gid=$(free_id /etc/group ${low} ${high})`,
    !args.non_unique &&
      sh`if awk -F: -v gid="$gid" '$3 == gid {found = 1} END {exit !found}' /etc/group; then echo "GID '$gid' already exists" >&2; exit 4; fi`,
    sh`echo "$name:x:$gid:" >> /etc/group; [ ! -e /etc/gshadow ] || echo "$name:!::" >> /etc/gshadow`,
    TELL,
  );
}

function modify(args: Args, tools: Tools): Script {
  const unique = args.non_unique && tools === 'shadow' ? ['-o'] : [];
  if (tools !== 'files') {
    const command = tools === 'local' ? 'lgroupmod' : 'groupmod';
    return lines(sh`name=${args.name}`, sh`${command} -g ${args.gid!} ${unique} "$name" || exit`, TELL);
  }
  return lines(
    sh`name=${args.name}`,
    EDIT_FILES,
    sh`edit /etc/group -v g="$name" -v gid=${raw(sh`${args.gid!}`)} '$1 == g {$3 = gid} {print}' || exit`,
    TELL,
  );
}

function remove(args: Args, tools: Tools): Script {
  if (tools === 'local') return sh`lgroupdel ${args.name}`;
  if (tools === 'shadow') return sh`groupdel ${args.force ? ['-f'] : []} ${args.name}`;
  return lines(
    sh`name=${args.name}`,
    EDIT_FILES,
    !args.force &&
      sh`gid=$(awk -F: -v g="$name" '$1 == g {print $3}' /etc/group)
owner=$(awk -F: -v gid="$gid" '$4 == gid {print $1; exit}' /etc/passwd)
[ -z "$owner" ] || { echo "cannot remove the primary group of user '$owner'" >&2; exit 8; }`,
    sh`edit /etc/group -v g="$name" '$1 != g' && edit /etc/gshadow -v g="$name" '$1 != g'`,
  );
}

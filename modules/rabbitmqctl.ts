// Verbs of rabbitmqctl made idempotent: each looks first and acts only on a difference.

import type { State } from '../engine/model/resource.ts';
import type { Json, JsonObject } from '../engine/model/value.ts';
import { ABSENT, type Change, defineModule, type ExecResult, ModuleFailure, type Observed, type Plan, type Resource, UNKNOWN } from '../engine/module/contract.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { isAbsent, isUnknown, knownOf } from './shared/seen.ts';

const VERBS = ['add_user', 'delete_user', 'change_password', 'set_user_tags', 'set_permissions', 'clear_permissions', 'add_vhost', 'delete_vhost', 'list_users', 'list_vhosts', 'list_permissions', 'authenticate_user', 'await_startup', 'status'] as const;
type Verb = (typeof VERBS)[number];

export default defineModule({
  doc: {
    collection: 'troupe.builtin',
    summary: 'Runs a verb of rabbitmqctl if it would make a difference.',
    notes: ['Passwords go through standard input, never through arguments.', 'list_*, status and authenticate_user only look.'],
    examples: `
- name: The user of the application
  rabbitmqctl:
    verb: add_user
    user: app
    password: "{{ app_password }}"
- name: What it may do
  rabbitmqctl:
    verb: set_permissions
    user: app
    vhost: /
    configure: ".*"
    write: ".*"
    read: ".*"
`,
    returns: { users: 'list_users: tags by user.', vhosts: 'list_vhosts: names.', permissions: 'list_permissions: by user.' },
  },
  schema: {
    verb: { type: 'str', required: true, choices: VERBS, doc: 'What to do.' },
    user: { type: 'str', aliases: ['username', 'name'], doc: 'User it concerns.' },
    password: { type: 'str', secret: true, doc: 'Password of add_user, change_password, authenticate_user.' },
    tags: { type: 'list', elements: 'str', default: [], doc: 'Tags of set_user_tags; all others are taken away.' },
    vhost: { type: 'str', default: '/', doc: 'Virtual host.' },
    configure: { type: 'str', default: '.*', doc: 'Expression of what may be configured.' },
    write: { type: 'str', default: '.*', doc: 'Expression of what may be written.' },
    read: { type: 'str', default: '.*', doc: 'Expression of what may be read.' },
    timeout: { type: 'int', default: 60, doc: 'Seconds that the broker may take to answer.' },
  },
  rules: {
    requiredIf: [
      ...(['add_user', 'change_password', 'authenticate_user'] as const).map((is) => ({ arg: 'verb' as const, is, then: ['user', 'password'] as const })),
      ...(['delete_user', 'set_user_tags', 'set_permissions', 'clear_permissions'] as const).map((is) => ({ arg: 'verb' as const, is, then: ['user'] as const })),
    ],
  },
  inspect: (args) => ({ kind: 'question', script: look(args), read: (answer) => understand(args, answer) }),
  plan(args, seen): Plan {
    const broker = seen.get(BROKER) ?? UNKNOWN;
    if (isAbsent(seen.get('command:rabbitmqctl'))) throw new ModuleFailure('rabbitmqctl was not found on the host');
    if (isAbsent(broker)) throw new ModuleFailure('the RabbitMQ node does not answer');
    return decide(args, seen);
  },
});

interface Args {
  readonly verb: Verb;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly tags: readonly string[];
  readonly vhost: string;
  readonly configure: string;
  readonly write: string;
  readonly read: string;
  readonly timeout: number;
}

const BROKER: Resource = 'server:rabbitmq/local';
const JSON_FORM = ['--formatter', 'json', '--quiet'];

/** One script tells all that any verb compares with; blocks are set apart by a line of their own. */
function look(args: Args): Script {
  const ctl = sh`rabbitmqctl --timeout ${args.timeout}`;
  const check = args.password === undefined || args.user === undefined ? undefined : sh`printf '%s\n' ${args.password} | ${raw(ctl)} authenticate_user ${args.user} >/dev/null 2>&1; echo "$?"`;
  return lines(
    sh`command -v rabbitmqctl >/dev/null 2>&1 || exit 41`,
    sh`users=$(${raw(ctl)} list_users ${JSON_FORM} 2>/dev/null) || exit 42`,
    sh`printf '%s\n' "$users"; echo '@@vhosts'`,
    needs(args.verb, 'vhost') && sh`${raw(ctl)} list_vhosts ${JSON_FORM} 2>/dev/null`,
    sh`echo '@@permissions'`,
    needs(args.verb, 'permissions') && sh`${raw(ctl)} list_permissions -p ${args.vhost} ${JSON_FORM} 2>/dev/null`,
    sh`echo '@@password'`,
    needs(args.verb, 'password') && check,
    sh`exit 0`,
  );
}

function needs(verb: Verb, what: 'vhost' | 'permissions' | 'password'): boolean {
  if (what === 'vhost') return /vhost/.test(verb);
  if (what === 'permissions') return /permissions/.test(verb);
  return verb === 'change_password' || verb === 'authenticate_user';
}

function understand(args: Args, answer: ExecResult): Observed {
  const seen = new Map<Resource, State>();
  seen.set('command:rabbitmqctl', answer.rc === 41 ? ABSENT : { path: 'rabbitmqctl' });
  seen.set(BROKER, answer.rc === 0 ? {} : ABSENT);
  const [users = '', vhosts = '', permissions = '', password = ''] = new TextDecoder().decode(answer.stdout).split(/@@(?:vhosts|permissions|password)\n/);
  const known = new Map(list(users).map((entry) => [String(entry['user']), entry]));
  if (args.user !== undefined) {
    const entry = known.get(args.user);
    seen.set(`rabbitmq-user:${args.user}`, entry === undefined ? ABSENT : { tags: tagsOf(entry), ...(password.trim() === '' ? {} : { password_matches: password.trim() === '0' }) });
    const permission = list(permissions).find((each) => each['user'] === args.user);
    seen.set(`rabbitmq-permission:${args.vhost}/${args.user}`, permission === undefined ? ABSENT : { configure: text(permission, 'configure'), write: text(permission, 'write'), read: text(permission, 'read') });
  }
  seen.set(`rabbitmq-vhost:${args.vhost}`, list(vhosts).some((each) => each['name'] === args.vhost) ? {} : ABSENT);
  seen.set('rabbitmq-list:users', Object.fromEntries([...known].map(([name, entry]) => [name, tagsOf(entry)])));
  seen.set('rabbitmq-list:vhosts', list(vhosts).map((each) => text(each, 'name')));
  seen.set('rabbitmq-list:permissions', list(permissions));
  return seen;
}

function list(json: string): JsonObject[] {
  try {
    const value = JSON.parse(json) as Json;
    return Array.isArray(value) ? (value as JsonObject[]) : [];
  } catch {
    return [];
  }
}

function text(entry: JsonObject, key: string): string {
  return String(entry[key] ?? '');
}

function tagsOf(entry: JsonObject): string[] {
  const { tags } = entry;
  return (Array.isArray(tags) ? tags.map(String) : String(tags ?? '').replace(/[[\]]/g, '').split(/[,\s]+/)).filter((tag) => tag !== '').sort();
}

function decide(args: Args, seen: Observed): Plan {
  const userOf: Resource = `rabbitmq-user:${args.user ?? ''}`;
  const user = knownOf(seen, userOf);
  const isThere = user !== undefined || isUnknown(seen.get(userOf));
  const vhostOf: Resource = `rabbitmq-vhost:${args.vhost}`;
  const permissionOf: Resource = `rabbitmq-permission:${args.vhost}/${args.user ?? ''}`;
  const permission = knownOf(seen, permissionOf);
  const wanted = { configure: args.configure, write: args.write, read: args.read };
  const stays: Plan = { kind: 'plan', actions: [], data: { verb: args.verb } };
  const needUser = (): void => {
    if (!isThere) throw new ModuleFailure(`there is no user '${args.user}'`);
  };
  switch (args.verb) {
    case 'add_user':
      return isThere ? stays : act(args, ['add_user', args.user!], { of: userOf, before: ABSENT, after: { tags: [], password_matches: true } }, args.password);
    case 'delete_user':
      return isThere ? act(args, ['delete_user', args.user!], { of: userOf, before: user ?? {}, after: ABSENT }) : stays;
    case 'change_password':
      needUser();
      return user?.['password_matches'] === true ? stays : act(args, ['change_password', args.user!], { of: userOf, before: { password_matches: false }, after: { password_matches: true } }, args.password);
    case 'set_user_tags': {
      needUser();
      const tags = [...args.tags].sort();
      if (JSON.stringify(user?.['tags'] ?? []) === JSON.stringify(tags)) return stays;
      return act(args, ['set_user_tags', args.user!, ...tags], { of: userOf, before: { tags: user?.['tags'] ?? [] }, after: { tags } });
    }
    case 'set_permissions':
      needUser();
      if (permission !== undefined && (['configure', 'write', 'read'] as const).every((key) => permission[key] === wanted[key])) return stays;
      return act(args, ['set_permissions', '-p', args.vhost, args.user!, args.configure, args.write, args.read], { of: permissionOf, before: permission ?? ABSENT, after: wanted });
    case 'clear_permissions':
      return permission === undefined ? stays : act(args, ['clear_permissions', '-p', args.vhost, args.user!], { of: permissionOf, before: permission, after: ABSENT });
    case 'add_vhost':
      return isAbsent(seen.get(vhostOf)) ? act(args, ['add_vhost', args.vhost], { of: vhostOf, before: ABSENT, after: {} }) : stays;
    case 'delete_vhost':
      return isAbsent(seen.get(vhostOf)) ? stays : act(args, ['delete_vhost', args.vhost], { of: vhostOf, before: {}, after: ABSENT });
    case 'authenticate_user':
      if (user?.['password_matches'] !== true && user !== undefined) throw new ModuleFailure(`the password of '${args.user}' is not the wanted one`);
      needUser();
      return stays;
    case 'list_users':
      return { ...stays, data: { verb: args.verb, users: (seen.get('rabbitmq-list:users') ?? {}) as Json } };
    case 'list_vhosts':
      return { ...stays, data: { verb: args.verb, vhosts: (seen.get('rabbitmq-list:vhosts') ?? []) as Json } };
    case 'list_permissions':
      return { ...stays, data: { verb: args.verb, permissions: (seen.get('rabbitmq-list:permissions') ?? []) as Json } };
    case 'await_startup':
    case 'status':
      return stays;
  }
}

function act(args: Args, words: readonly string[], change: Change, secret?: string): Plan {
  const input = secret === undefined ? raw('') : raw(sh`printf '%s\n' ${secret} |`);
  return {
    kind: 'plan',
    actions: [{ changes: [change], step: { run: sh`${input} rabbitmqctl --timeout ${args.timeout} ${words}`, failure: `rabbitmqctl ${args.verb} failed` } }],
    data: { verb: args.verb },
  };
}

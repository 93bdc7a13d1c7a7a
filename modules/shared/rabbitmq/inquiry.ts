// What to ask RabbitMQ before a verb is carried out, and how its JSON reads.

import type { State } from '../../../engine/model/resource.ts';
import { ABSENT, type ExecResult, type Json, type Resource } from '../../../engine/module/contract.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { HOLD } from '../hold.ts';
import { readSections, section } from '../sections.ts';
import { isObject } from '../seen.ts';
import { readServer, type ServerKind } from '../server.ts';
import type { RabbitArgs } from './schema.ts';

export const RABBIT: ServerKind = { name: 'rabbitmq', clients: ['rabbitmqctl'], units: ['rabbitmq-server'] };

/** Options that stand before every verb. */
export function rabbitOptions(args: RabbitArgs): string[] {
  return ['--timeout', String(args.timeout), ...(args.node === undefined ? [] : ['-n', args.node])];
}

export function pingScript(args: RabbitArgs): Script {
  return lines(
    section('ping'),
    sh`rabbitmqctl -q ${rabbitOptions(args)} eval 'rabbit:is_running().' 2>/dev/null | grep -q true && echo yes`,
  );
}

/** Script with the lists that the verb looks at. The first command tells whether the server answers. */
export function questionScript(args: RabbitArgs): Script {
  const options = rabbitOptions(args);
  const list = (name: string, words: readonly string[]): Script =>
    lines(section(name), sh`rabbitmqctl -q ${options} ${words} --formatter json 2>/dev/null; echo`);
  const first = lines(
    HOLD,
    section('users'),
    sh`rabbitmqctl -q ${options} list_users --formatter json 2>"$hold/error"; rc=$?`,
    section('rc'),
    sh`echo "$rc"`,
    section('error'),
    sh`cat "$hold/error"`,
  );
  const verb = args.verb;
  const needsPassword = verb === 'authenticate_user' || verb === 'change_password' || verb === 'add_user';
  return lines(
    first,
    sh`if [ "$rc" = 0 ]; then`,
    sh`:`,
    /vhost|permissions|policy/.test(verb) && list('vhosts', ['list_vhosts', 'name']),
    /permissions/.test(verb) && list('permissions', ['list_permissions', '-p', args.vhost]),
    /policy/.test(verb) && list('policies', ['list_policies', '-p', args.vhost]),
    verb === 'enable_feature_flag' && list('flags', ['list_feature_flags', 'name', 'state']),
    verb === 'status' && lines(section('status'), sh`rabbitmqctl -q ${options} status 2>&1`),
    needsPassword &&
      lines(
        section('authenticated'),
        sh`printf '%s\n' ${args.password!} | rabbitmqctl -q ${options} authenticate_user ${args.user!} >/dev/null 2>&1 && echo yes`,
      ),
    sh`fi`,
  );
}

export function readRabbit(args: RabbitArgs, answer: ExecResult): Map<Resource, State> {
  const sections = readSections(answer);
  const answered = args.verb === 'await_startup' ? sections.word('ping') === 'yes' : sections.word('rc') === '0';
  const seen = readServer(RABBIT, 'local', sections, { answered, error: sections.word('error') });
  const users = rows(sections.text('users'));
  const vhosts = rows(sections.text('vhosts'));
  const permissions = rows(sections.text('permissions'));
  const policies = rows(sections.text('policies'));
  const flags = rows(sections.text('flags'));
  if (args.user !== undefined) {
    const user = users.find((row) => row['user'] === args.user);
    seen.set(`rabbitmq-user:${args.user}`, user === undefined ? ABSENT : { tags: tagsOf(user['tags']) });
    const permission = permissions.find((row) => row['user'] === args.user);
    const state = (row: Readonly<Record<string, Json>>): State => ({
      configure: row['configure'] ?? '',
      write: row['write'] ?? '',
      read: row['read'] ?? '',
    });
    seen.set(`rabbitmq-permission:${args.vhost}/${args.user}`, permission === undefined ? ABSENT : state(permission));
  }
  if (sections.has('vhosts')) {
    seen.set(`rabbitmq-vhost:${args.vhost}`, vhosts.some((row) => row['name'] === args.vhost) ? {} : ABSENT);
  } else if (!answered) seen.set(`rabbitmq-vhost:${args.vhost}`, args.vhost === '/' ? {} : ABSENT);
  if (args.policy !== undefined) {
    const policy = policies.find((row) => row['name'] === args.policy);
    seen.set(`rabbitmq-policy:${args.vhost}/${args.policy}`, policy === undefined ? ABSENT : policyState(policy));
  }
  if (args.flag !== undefined) {
    const wanted = flags.filter((row) => args.flag === 'all' || row['name'] === args.flag);
    const enabled = wanted.length > 0 && wanted.every((row) => row['state'] === 'enabled');
    seen.set(`rabbitmq-flag:${args.flag}`, wanted.length === 0 ? ABSENT : { state: enabled ? 'enabled' : 'disabled' });
  }
  return seen.set('rabbitmq:', {
    users: users as readonly Json[],
    vhosts: vhosts as readonly Json[],
    permissions: permissions as readonly Json[],
    authenticated: sections.word('authenticated') === 'yes',
    status: sections.text('status'),
  });
}

function rows(text: string): Readonly<Record<string, Json>>[] {
  try {
    const parsed = JSON.parse(text.trim() || '[]') as Json;
    return Array.isArray(parsed) ? parsed.filter(isObject) : [];
  } catch {
    return [];
  }
}

/** Tags come as a list, or in old releases as `[a, b]`. */
function tagsOf(tags: Json | undefined): string[] {
  const list = Array.isArray(tags)
    ? tags.map(String)
    : String(tags ?? '')
        .replace(/[[\]]/g, '')
        .split(',');
  return list.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

function policyState(row: Readonly<Record<string, Json>>): State {
  const definition = row['definition'];
  return {
    pattern: row['pattern'] ?? '',
    priority: Number(row['priority'] ?? 0),
    apply_to: String(row['apply-to'] ?? row['applyto'] ?? 'all'),
    definition: typeof definition === 'string' ? (JSON.parse(definition) as Json) : (definition ?? {}),
  };
}

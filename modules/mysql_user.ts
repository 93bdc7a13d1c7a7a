// mysql_user: accounts of MySQL and MariaDB and their privileges, through the client on the host.

import { createHash } from 'node:crypto';
import {
  ABSENT,
  type Action,
  type Change,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Observed,
  type Plan,
  type Resource,
} from '../engine/module/contract.ts';
import type { ArgsOf, Schema } from '../engine/module/schema.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import {
  identifier,
  isMariadb,
  literal,
  loginSchema,
  mysqlScript,
  readMysql,
  requireServer,
  runStatements,
} from './shared/mysql/client.ts';
import {
  type PrivilegeSteps,
  type Privileges,
  parseGrants,
  parsePrivileges,
  privilegeStatements,
  privilegeSteps,
  privilegesFrom,
  privilegesJson,
} from './shared/mysql/privileges.ts';
import { section } from './shared/sections.ts';
import { knownOf, listOf, noteOf, textOf } from './shared/seen.ts';

const schema = {
  ...loginSchema,
  name: { type: 'str', required: true, aliases: ['user'], doc: 'The account.' },
  host: { type: 'str', default: 'localhost', doc: 'The host part of it.' },
  host_all: { type: 'bool', default: false, doc: 'All accounts of the name, whatever the host; not for new ones.' },
  state: { type: 'str', default: 'present', choices: ['absent', 'present'], doc: 'There or gone.' },
  password: { type: 'str', secret: true, doc: 'Password, or its hash with encrypted.' },
  encrypted: { type: 'bool', default: false, doc: 'The password is a mysql_native_password hash.' },
  update_password: {
    type: 'str',
    default: 'always',
    choices: ['always', 'on_create', 'on_new_username'],
    doc: 'Sets it always, for a new account, or for the first account of a name.',
  },
  plugin: { type: 'str', doc: 'Authentication plugin.' },
  plugin_hash_string: { type: 'str', secret: true, doc: 'Hash for the plugin.' },
  plugin_auth_string: { type: 'str', secret: true, doc: 'Plain text for the plugin.' },
  priv: { type: 'raw', doc: '`db.table:PRIV,PRIV/db.*:PRIV`, or a dict of the same.' },
  append_privs: { type: 'bool', default: false, doc: 'Adds to the privileges.' },
  subtract_privs: { type: 'bool', default: false, doc: 'Takes from the privileges.' },
  sql_log_bin: { type: 'bool', default: true, doc: 'Writes to the binary log.' },
  force_context: { type: 'bool', default: false, doc: 'Runs the statements in the database mysql.' },
  column_case_sensitive: { type: 'bool', doc: 'Names of columns are compared in capitals in any case.' },
  resource_limits: { type: 'dict', doc: 'Refused.' },
  tls_requires: { type: 'dict', doc: 'Refused.' },
  attributes: { type: 'dict', doc: 'Refused.' },
  session_vars: { type: 'dict', doc: 'Refused.' },
  password_expire: { type: 'str', choices: ['now', 'never', 'default', 'interval'], doc: 'Refused.' },
  password_expire_interval: { type: 'int', doc: 'Refused.' },
  locked: { type: 'bool', doc: 'Refused.' },
  salt: { type: 'str', doc: 'Refused.' },
} as const satisfies Schema;
type Args = ArgsOf<typeof schema>;

const REFUSED = [
  'resource_limits',
  'tls_requires',
  'attributes',
  'session_vars',
  'password_expire',
  'password_expire_interval',
  'locked',
  'salt',
] as const;

export default defineModule({
  doc: {
    collection: 'community.mysql',
    summary: 'Makes, changes and drops accounts of MySQL and MariaDB.',
    notes: [
      'Needs the mysql or mariadb client on the host, no Python library.',
      `Not supported, and refused: ${REFUSED.join(', ')}.`,
    ],
    examples: `
- name: The application's account
  community.mysql.mysql_user:
    name: app
    host: '%'
    password: "{{ app_password | default('example') }}"
    priv: 'app.*:ALL'
    login_unix_socket: /run/mysqld/mysqld.sock
`,
    returns: { user: 'The account.', msg: 'What was done.', password_changed: 'Was the password set anew?' },
  },
  schema,
  rules: { mutuallyExclusive: [['append_privs', 'subtract_privs']] },
  inspect(args) {
    const refused = REFUSED.filter((option) => args[option] !== undefined);
    if (refused.length > 0) throw new ModuleFailure(`mysql_user does not support: ${refused.join(', ')}`);
    parsePrivileges(args.priv);
    if (args.encrypted && args.password !== undefined && !/^\*[0-9A-F]{40}$/i.test(args.password))
      throw new ModuleFailure(
        'encrypted was specified however it does not appear to be a valid hash expecting: *SHA1(SHA1(your_password))',
      );
    const where = `FROM mysql.user WHERE User = ${literal(args.name)}`;
    const columns = [
      "plugin, IF(authentication_string <> '', authentication_string, Password)",
      'plugin, authentication_string',
      "'', Password",
    ];
    const queries = columns.map((column) => `SELECT Host, ${column} ${where}`);
    return {
      kind: 'question',
      script: mysqlScript(
        args,
        lines(
          section('accounts'),
          sh`for query in ${queries}; do my -e "$query" > "$hold/accounts" 2>/dev/null && break; done; cat "$hold/accounts"`,
          sh`cut -f 1 "$hold/accounts" | while read -r host; do printf '\036grants %s\n' "$host"; my -e "SHOW GRANTS FOR "${literal(args.name)}"@'$host'"; done`,
        ),
      ),
      read(answer) {
        const { sections, seen } = readMysql(args, answer);
        const rows = sections.lines('accounts').map((line) => line.split('\t'));
        const hosts = rows.map(([host = '']) => host);
        seen.set(`dbuser-hosts:mysql/${args.name}`, { hosts });
        for (const host of new Set([...hosts, ...(args.host_all ? [] : [args.host])])) {
          const row = rows.find(([one]) => one === host);
          const grants = parseGrants(sections.lines(`grants ${host}`));
          seen.set(of(args.name, host), row === undefined ? ABSENT : { privileges: privilegesJson(grants) });
          if (row !== undefined)
            seen.set(`dbuser-auth:mysql/${args.name}@${host}`, { plugin: row[1] ?? '', hash: row[2] ?? '' });
        }
        return seen;
      },
    };
  },
  plan(args, seen) {
    requireServer(args, seen);
    const known = listOf(noteOf(seen, `dbuser-hosts:mysql/${args.name}`), 'hosts');
    const hosts = args.host_all ? known : [args.host];
    if (args.host_all && args.state === 'present' && known.length === 0) {
      throw new ModuleFailure('host_all parameter cannot be used when adding a user');
    }
    return args.state === 'absent' ? removal(args, seen, hosts) : presence(args, seen, hosts, known);
  },
});

function of(name: string, host: string): Resource {
  return `dbuser:mysql/${name}@${host}`;
}

function account(args: Args, host: string): string {
  return `${literal(args.name)}@${literal(host)}`;
}

function statementsAction(args: Args, changes: readonly Change[], statements: readonly string[]): Action {
  const before = [
    ...(args.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']),
    ...(args.force_context ? [`USE ${identifier('mysql')}`] : []),
  ];
  const text = [...before, ...statements].map((statement) => `${statement};\n`).join('');
  return {
    changes,
    step: {
      run: runStatements(args),
      stdin: sourceOf(text),
      failure: `account ${args.name} cannot be changed`,
    },
  };
}

function removal(args: Args, seen: Observed, hosts: readonly string[]): Plan {
  const there = hosts.filter((host) => knownOf(seen, of(args.name, host)) !== undefined);
  const told = (msg: string): JsonObject => ({ user: args.name, msg, password_changed: false, attributes: null });
  if (there.length === 0) return { kind: 'plan', actions: [], data: told("User doesn't exist") };
  const changes = there.map(
    (host): Change => ({ of: of(args.name, host), before: knownOf(seen, of(args.name, host))!, after: ABSENT }),
  );
  const statements = there.map((host) => `DROP USER ${account(args, host)}`);
  return { kind: 'plan', actions: [statementsAction(args, changes, statements)], data: told('User deleted') };
}

/** The hash that mysql_native_password keeps. */
export function nativeHash(password: string): string {
  const once = createHash('sha1').update(password).digest();
  return `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

function presence(args: Args, seen: Observed, hosts: readonly string[], known: readonly string[]): Plan {
  const changes: Change[] = [];
  const statements: string[] = [];
  let passwordChanged = false;
  let added = false;
  let granting = '';
  const want = parsePrivileges(args.priv);
  for (const host of hosts) {
    const now = knownOf(seen, of(args.name, host));
    const grantee = account(args, host);
    if (now === undefined) {
      added = true;
      const reuse = args.update_password === 'on_new_username' ? known[0] : undefined;
      statements.push(`CREATE USER ${grantee}${identified(args, seen, reuse)}`);
      if (args.priv !== undefined && !args.subtract_privs) {
        statements.push(...privilegeStatements(privilegeSteps(new Map(), want, 'append'), grantee));
      }
      passwordChanged = true;
      changes.push({
        of: of(args.name, host),
        before: ABSENT,
        after: { privileges: privilegesJson(want), auth: 'changed' },
      });
      continue;
    }
    const after: Record<string, JsonObject[string]> = {};
    const password = args.update_password === 'always' ? passwordStatement(args, seen, host) : undefined;
    if (password !== undefined) {
      statements.push(password);
      after['auth'] = 'changed';
      passwordChanged = true;
    }
    if (args.priv !== undefined && now['privileges'] !== undefined) {
      const have: Privileges = privilegesFrom(now['privileges']);
      const steps = privilegeSteps(have, want, args.append_privs ? 'append' : args.subtract_privs ? 'subtract' : 'set');
      const grants = privilegeStatements(steps, grantee);
      if (grants.length > 0) {
        statements.push(...grants);
        after['privileges'] = privilegesJson(resulting(have, steps));
        granting = messageOf(steps);
      }
    }
    if (Object.keys(after).length > 0) changes.push({ of: of(args.name, host), before: now, after });
  }
  const msg = added
    ? 'User added'
    : changes.length === 0
      ? 'User unchanged'
      : passwordChanged
        ? 'Password updated (new style)'
        : granting;
  const data = { user: args.name, msg, password_changed: passwordChanged, attributes: added ? null : {} };
  return {
    kind: 'plan',
    actions: changes.length === 0 ? [] : [statementsAction(args, changes, statements)],
    data,
    ...(added ? { pending: { password_changed: null } } : {}),
  };
}

function messageOf({ grant, revoke }: PrivilegeSteps): string {
  if (revoke.size === 0) return 'New privileges granted';
  const listed = (sets: Privileges): string =>
    `[${[...sets.values()].flatMap((set) => [...set].map((one) => `'${one}'`)).join(', ')}]`;
  return `Privileges updated: granted ${listed(grant)}, revoked ${listed(revoke)}`;
}

function resulting(have: Privileges, steps: PrivilegeSteps): Privileges {
  const result = new Map([...have].map(([object, set]) => [object, new Set(set)]));
  for (const [object, set] of steps.revoke) for (const one of set) result.get(object)?.delete(one);
  for (const [object, set] of steps.grant) {
    const own = result.get(object) ?? new Set<string>();
    for (const one of set) own.add(one);
    result.set(object, own);
  }
  return result;
}

function hashOf(args: Args): string | undefined {
  if (args.password === undefined) return undefined;
  return args.encrypted ? args.password : args.password === '' ? '' : nativeHash(args.password);
}

/** `IDENTIFIED ...` of a new account. */
function identified(args: Args, seen: Observed, reuse: string | undefined): string {
  const maria = isMariadb(seen);
  if (args.plugin !== undefined) return ` IDENTIFIED WITH ${args.plugin}${pluginPart(args, maria)}`;
  const hash =
    reuse === undefined ? hashOf(args) : textOf(noteOf(seen, `dbuser-auth:mysql/${args.name}@${reuse}`), 'hash');
  if (hash === undefined || hash === '') return '';
  return maria
    ? ` IDENTIFIED BY PASSWORD ${literal(hash)}`
    : ` IDENTIFIED WITH mysql_native_password AS ${literal(hash)}`;
}

function pluginPart(args: Args, maria: boolean): string {
  if (args.plugin_hash_string !== undefined) return ` AS ${literal(args.plugin_hash_string)}`;
  if (args.plugin_auth_string === undefined) return '';
  if (!maria) return ` BY ${literal(args.plugin_auth_string)}`;
  return args.plugin === 'pam'
    ? ` USING ${literal(args.plugin_auth_string)}`
    : ` USING PASSWORD(${literal(args.plugin_auth_string)})`;
}

/** The statement that sets password or plugin, when they differ. */
function passwordStatement(args: Args, seen: Observed, host: string): string | undefined {
  const auth = knownOf(seen, `dbuser-auth:mysql/${args.name}@${host}`);
  if (auth === undefined) return undefined;
  const maria = isMariadb(seen);
  if (args.plugin !== undefined) {
    const native = args.plugin === 'mysql_native_password' && args.plugin_auth_string !== undefined;
    const wanted = args.plugin_hash_string ?? (native ? nativeHash(args.plugin_auth_string!) : undefined);
    const same = textOf(auth, 'plugin') === args.plugin && (wanted === undefined || textOf(auth, 'hash') === wanted);
    if (same && !(wanted === undefined && args.plugin_auth_string !== undefined)) return undefined;
    return `ALTER USER ${account(args, host)} IDENTIFIED WITH ${args.plugin}${pluginPart(args, maria)}`;
  }
  const hash = hashOf(args);
  if (hash === undefined || hash.toUpperCase() === textOf(auth, 'hash').toUpperCase()) return undefined;
  return maria
    ? `SET PASSWORD FOR ${account(args, host)} = ${literal(hash)}`
    : `ALTER USER ${account(args, host)} IDENTIFIED WITH mysql_native_password AS ${literal(hash)}`;
}

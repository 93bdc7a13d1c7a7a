// community.mysql.mysql_user: accounts of a MySQL or MariaDB server, with password and privileges.

import { createHash } from 'node:crypto';
import { ABSENT, type Change, defineModule, ModuleFailure, type Observed, type Plan } from '../engine/module/contract.ts';
import type { Json, JsonObject } from '../engine/model/value.ts';
import { isAbsent, isUnknown, knownOf, textOf } from './shared/seen.ts';
import { answerOf, identifier, literal, LOGIN, needServer, query, statement } from './shared/sql/mysql.ts';

export default defineModule({
  doc: {
    collection: 'community.mysql',
    summary: 'Keeps an account of a MySQL or MariaDB server: its password and privileges.',
    notes: ['The password is compared by its hash (mysql_native_password); it is never in the arguments of a program.'],
    examples: `
- name: The application's account, from its own hosts only
  mysql_user:
    name: app
    host: 10.0.0.%
    password: "{{ app_password }}"
    priv: app.*:ALL
    login_unix_socket: /run/mysqld/mysqld.sock
`,
    returns: { user: 'Name of the account.', password_changed: 'Whether the password was set.' },
  },
  schema: {
    name: { type: 'str', required: true, aliases: ['user'], doc: 'Name of the account.' },
    host: { type: 'str', default: 'localhost', doc: 'Host part of the account.' },
    host_all: { type: 'bool', default: false, doc: 'Acts on the accounts of that name for all hosts (they must be there).' },
    password: { type: 'str', secret: true, doc: 'The password, in clear unless `encrypted`.' },
    encrypted: { type: 'bool', default: false, doc: 'The password is a mysql_native_password hash.' },
    priv: { type: 'raw', doc: '`db.table:PRIV1,PRIV2/db2.*:ALL`, or a dict of the same.' },
    append_privs: { type: 'bool', default: false, doc: 'Adds privileges to those that are there.' },
    subtract_privs: { type: 'bool', default: false, doc: 'Takes the named privileges away.' },
    state: { type: 'str', choices: ['absent', 'present'], default: 'present', doc: 'What is wanted.' },
    update_password: { type: 'str', choices: ['always', 'on_create'], default: 'always', doc: 'When the password is set.' },
    check_implicit_admin: { type: 'bool', default: false, doc: 'Tries root without a password first (which the socket does anyway).' },
    sql_log_bin: { type: 'bool', default: true, doc: 'Writes the statements to the binary log.' },
    ...LOGIN,
  },
  rules: { mutuallyExclusive: [['append_privs', 'subtract_privs']] },
  inspect(args) {
    const where = `User = ${literal(args.name)}${args.host_all ? '' : ` AND Host = ${literal(args.host)}`}`;
    const account = `${literal(args.name)}@${literal(args.host)}`;
    const statements = `SELECT 'account', Host, IF(plugin = 'mysql_native_password' OR plugin = '', authentication_string, CONCAT('plugin:', plugin)) FROM mysql.user WHERE ${where};\n${
      args.host_all ? '' : `DELIMITER //\nBEGIN NOT ATOMIC DECLARE EXIT HANDLER FOR 1141 BEGIN END; SHOW GRANTS FOR ${account}; END //\nDELIMITER ;\n`
    }`;
    return {
      kind: 'question',
      script: query(args, statements),
      read(answer) {
        const { seen, rows } = answerOf(args, answer);
        const accounts = (rows ?? []).filter(([kind]) => kind === 'account');
        const grants = (rows ?? []).filter(([kind]) => kind !== 'account').map((row) => row.join('\t'));
        for (const [, host, auth] of accounts) {
          seen.set(resource(args.name, host!), { auth: auth ?? '', privileges: readGrants(grants) });
        }
        if (!accounts.some(([, host]) => host === args.host)) seen.set(resource(args.name, args.host), ABSENT);
        return seen;
      },
    };
  },
  plan(args, seen): Plan {
    needServer(args, seen);
    const data = { user: args.name, msg: '' };
    const statements: string[] = [];
    const changes: Change[] = [];
    const messages: string[] = [];
    for (const host of hostsOf(args, seen)) {
      const planned = planAccount(args, host, seen);
      statements.push(...planned.statements);
      messages.push(...planned.messages);
      if (planned.change !== undefined) changes.push(planned.change);
    }
    const password_changed = statements.some((each) => / IDENTIFIED /.test(each));
    if (changes.length === 0) return { kind: 'plan', actions: [], data: { ...data, msg: args.state === 'present' ? 'User unchanged' : "User doesn't exist", password_changed } };
    const run = statement(args, [...(args.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']), ...statements]);
    return {
      kind: 'plan',
      actions: [{ changes, step: { run, failure: 'the account could not be changed' } }],
      data: { ...data, msg: messages.join('; '), password_changed },
    };
  },
});

interface Account {
  readonly name: string;
  readonly host: string;
  readonly host_all: boolean;
  readonly password: string | undefined;
  readonly encrypted: boolean;
  readonly priv: Json | undefined;
  readonly append_privs: boolean;
  readonly subtract_privs: boolean;
  readonly state: 'absent' | 'present';
  readonly update_password: 'always' | 'on_create';
}

type Privileges = ReadonlyMap<string, ReadonlySet<string>>;

function resource(name: string, host: string): `dbuser:${string}` {
  return `dbuser:mysql/${name}@${host}`;
}

function hostsOf(args: Account, seen: Observed): string[] {
  if (!args.host_all) return [args.host];
  const prefix = resource(args.name, '');
  return [...seen].filter(([of, state]) => of.startsWith(prefix) && !isAbsent(state)).map(([of]) => of.slice(prefix.length));
}

function planAccount(args: Account, host: string, seen: Observed): { statements: string[]; messages: string[]; change: Change | undefined } {
  const of = resource(args.name, host);
  const state = seen.get(of) ?? ABSENT;
  const account = `${literal(args.name)}@${literal(host)}`;
  const known = knownOf(seen, of);
  const isThere = known !== undefined || (args.state === 'absent' && isUnknown(state));
  if (args.state === 'absent') {
    if (!isThere) return { statements: [], messages: [], change: undefined };
    return { statements: [`DROP USER ${account}`], messages: ['User deleted'], change: { of, before: known ?? {}, after: ABSENT } };
  }
  const wanted = readPriv(args.priv);
  const auth = args.password === undefined ? '' : args.encrypted ? args.password : nativeHash(args.password);
  if (known === undefined) {
    const statements = [`CREATE USER ${account}${auth === '' ? '' : ` IDENTIFIED BY PASSWORD ${literal(auth)}`}`, ...grant(wanted ?? new Map(), account)];
    return { statements, messages: ['User added'], change: { of, before: ABSENT, after: { auth, privileges: asJson(wanted ?? new Map()) } } };
  }
  const statements: string[] = [];
  const messages: string[] = [];
  if (args.password !== undefined && args.update_password === 'always' && textOf(known, 'auth').toUpperCase() !== auth.toUpperCase()) {
    statements.push(`ALTER USER ${account} IDENTIFIED BY PASSWORD ${literal(auth)}`);
    messages.push('Password updated');
  }
  const present = fromJson((known['privileges'] ?? {}) as JsonObject);
  const after = wanted === undefined ? present : combined(present, wanted, args);
  const altered = alter(present, after, account);
  if (altered.length > 0) messages.push('Privileges updated');
  statements.push(...altered);
  if (statements.length === 0) return { statements, messages, change: undefined };
  return { statements, messages, change: { of, before: known, after: { auth: auth === '' ? textOf(known, 'auth') : auth, privileges: asJson(after) } } };
}

/** mysql_native_password: `*` and the SHA-1 of the SHA-1. */
function nativeHash(password: string): string {
  const once = createHash('sha1').update(password).digest();
  return password === '' ? '' : `*${createHash('sha1').update(once).digest('hex').toUpperCase()}`;
}

/** `db.table` without quotes. */
function level(text: string): string {
  const [database, table] = text.includes('.') ? [text.slice(0, text.lastIndexOf('.')), text.slice(text.lastIndexOf('.') + 1)] : [text, '*'];
  return `${database.replaceAll('`', '')}.${table.replaceAll('`', '')}`;
}

function privilege(text: string): string {
  const name = text.trim().toUpperCase();
  return name === 'ALL PRIVILEGES' ? 'ALL' : name;
}

/** What `priv` asks for. Throws ModuleFailure. */
function readPriv(priv: Json | undefined): Privileges | undefined {
  if (priv === undefined || priv === null) return undefined;
  const pairs = typeof priv === 'object' && !Array.isArray(priv) ? Object.entries(priv as JsonObject) : String(priv).split('/').filter((part) => part !== '').map((part) => pairOf(part));
  const privileges = new Map<string, Set<string>>();
  for (const [on, names] of pairs) privileges.set(level(on), new Set(splitNames(String(names)).map(privilege)));
  return privileges;
}

function pairOf(part: string): [string, string] {
  const at = part.lastIndexOf(':');
  if (at < 1) throw new ModuleFailure(`invalid privileges string: ${part}`);
  return [part.slice(0, at), part.slice(at + 1)];
}

/** Names between commas, those within parentheses (columns) kept together. */
function splitNames(text: string): string[] {
  return text.match(/[^,(]+(?:\([^)]*\))?/g)?.map((name) => name.trim()).filter((name) => name !== '') ?? [];
}

/** SHOW GRANTS as a dict of levels. */
function readGrants(lines: readonly string[]): JsonObject {
  const privileges: Record<string, string[]> = {};
  for (const line of lines) {
    const match = /^GRANT (.+?) ON (?:TABLE )?(\S+) TO /.exec(line);
    if (match === null) continue;
    const names = splitNames(match[1]!).map(privilege).filter((name) => name !== 'USAGE');
    if (/ WITH GRANT OPTION/.test(line)) names.push('GRANT');
    if (names.length > 0) privileges[level(match[2]!)] = names.sort();
  }
  return privileges;
}

function asJson(privileges: Privileges): JsonObject {
  return Object.fromEntries([...privileges].filter(([, names]) => [...names].some((name) => name !== 'USAGE')).map(([on, names]) => [on, [...names].sort()]));
}

function fromJson(json: JsonObject): Map<string, Set<string>> {
  return new Map(Object.entries(json).map(([on, names]) => [on, new Set((names as readonly string[]).map(String))]));
}

function combined(present: Privileges, wanted: Privileges, args: Account): Privileges {
  if (!args.append_privs && !args.subtract_privs) return wanted;
  const result = new Map([...present].map(([on, names]) => [on, new Set(names)]));
  for (const [on, names] of wanted) {
    const have = result.get(on) ?? new Set<string>();
    for (const name of names) if (args.append_privs) have.add(name);
    else have.delete(name);
    result.set(on, have);
  }
  return result;
}

function alter(present: Privileges, after: Privileges, account: string): string[] {
  const statements: string[] = [];
  const effective = (names: ReadonlySet<string> | undefined): string => [...(names ?? [])].filter((name) => name !== 'USAGE').sort().join(',');
  for (const [on, names] of present) {
    const kept = after.get(on);
    const lost = [...names].filter((name) => !kept?.has(name) && !(kept?.has('ALL') && name !== 'GRANT'));
    if (lost.length > 0) statements.push(`REVOKE ${lost.map((name) => (name === 'ALL' ? 'ALL PRIVILEGES' : name === 'GRANT' ? 'GRANT OPTION' : name)).join(', ')} ON ${quoted(on)} FROM ${account}`);
  }
  for (const [on, names] of after) if (effective(names) !== effective(present.get(on))) statements.push(...grant(new Map([[on, names]]), account));
  return statements;
}

function grant(privileges: Privileges, account: string): string[] {
  return [...privileges].map(([on, names]) => {
    const plain = [...names].filter((name) => name !== 'GRANT');
    return `GRANT ${plain.length === 0 ? 'USAGE' : plain.join(', ')} ON ${quoted(on)} TO ${account}${names.has('GRANT') ? ' WITH GRANT OPTION' : ''}`;
  });
}

function quoted(on: string): string {
  const at = on.lastIndexOf('.');
  const [database, table] = [on.slice(0, at), on.slice(at + 1)];
  return `${database === '*' ? '*' : identifier(database)}.${table === '*' ? '*' : identifier(table)}`;
}

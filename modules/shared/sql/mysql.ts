// One way to speak to a MySQL or MariaDB server: the client on the host, the statements on its standard input, the
// password in its environment (never in its arguments).

import type { State } from '../../../engine/model/resource.ts';
import { ABSENT, type ExecResult, ModuleFailure, type Observed, UNKNOWN } from '../../../engine/module/contract.ts';
import type { Schema } from '../../../engine/module/schema.ts';
import { raw, type Script, sh } from '../../../engine/module/sh.ts';
import { isAbsent, isUnknown } from '../seen.ts';

/** The arguments that every module of the family takes. */
export const LOGIN = {
  login_user: {
    type: 'str',
    doc: 'User to log in as; without one, the account that the module runs as (over the socket).',
  },
  login_password: { type: 'str', secret: true, doc: 'Its password.' },
  login_host: { type: 'str', default: 'localhost', doc: 'Host of the server.' },
  login_port: { type: 'int', default: 3306, doc: 'Port of the server.' },
  login_unix_socket: { type: 'str', doc: 'Socket of a server on the same host.' },
  config_file: { type: 'path', doc: 'Defaults file of the client, read when it is there; ~/.my.cnf unless given.' },
} as const satisfies Schema;

export interface Login {
  readonly login_user: string | undefined;
  readonly login_password: string | undefined;
  readonly login_host: string;
  readonly login_port: number;
  readonly login_unix_socket: string | undefined;
  readonly config_file: string | undefined;
}

/** The server as a resource: shared by all hosts that speak to it. */
export function serverOf(login: Login): `server:${string}` {
  return login.login_unix_socket === undefined && login.login_host !== 'localhost'
    ? `server:mysql/${login.login_host}:${login.login_port}`
    : 'server:mysql/local';
}

/** Words of the client's command line. */
function options(login: Login): string[] {
  const words: string[] = [];
  if (login.login_unix_socket !== undefined) words.push(`--socket=${login.login_unix_socket}`);
  else if (login.login_host !== 'localhost')
    words.push('--protocol=tcp', `--host=${login.login_host}`, `--port=${login.login_port}`);
  if (login.login_user !== undefined) words.push(`--user=${login.login_user}`);
  return words;
}

/** Defines `sql`, which runs what it reads; exits 41 without a client. */
export function client(login: Login, program: 'client' | 'dump' = 'client'): Script {
  const names = program === 'client' ? 'mariadb mysql' : 'mariadb-dump mysqldump';
  const config = login.config_file === undefined ? raw('"$HOME/.my.cnf"') : raw(sh`${login.config_file}`);
  const password =
    login.login_password === undefined ? raw('') : raw(sh`MYSQL_PWD=${login.login_password}; export MYSQL_PWD`);
  return sh`${password}
client=; for each in ${raw(names)}; do client=$(command -v $each) && break; done
[ -n "$client" ] || exit 41
config=${config}
if [ -r "$config" ]; then sql() { "$client" --defaults-extra-file="$config" ${options(login)} "$@"; }
else sql() { "$client" ${options(login)} "$@"; }; fi`;
}

/**
 * Asks the server: the rows, tab separated, on standard output; then those of a further statement, which may fail.
 * Exit code 42 when it cannot be reached, 43 when it refuses.
 */
export function query(login: Login, statements: string, then: string = ''): Script {
  return sh`${raw(client(login))}
out=$(printf '%s' ${statements} | sql --batch --skip-column-names 2>&1) && {
  printf '%s\n' "$out"
  [ -z ${then} ] || printf '%s' ${then} | sql --batch --skip-column-names 2>/dev/null
  exit 0
}
printf '%s' "$out" >&2
case $out in *'(2002)'*|*'(2003)'*|*'(HY000/2002)'*|*'(HY000/2003)'*|*'(2005)'*|*'(HY000/2005)'*) exit 42;; *) exit 43;; esac`;
}

/** What an answer to `query` says of client and server, and its rows. Throws ModuleFailure when the server refuses. */
export function answerOf(
  login: Login,
  answer: ExecResult,
): { readonly seen: Map<`${string}:${string}`, State>; readonly rows: string[][] | undefined } {
  const seen = new Map<`${string}:${string}`, State>();
  seen.set('command:mysql', answer.rc === 41 ? ABSENT : { path: 'mysql' });
  seen.set(serverOf(login), answer.rc === 0 ? {} : ABSENT);
  if (answer.rc === 43) throw new ModuleFailure(`unable to connect to database: ${text(answer.stderr)}`);
  if (answer.rc !== 0) return { seen, rows: undefined };
  const lines = text(answer.stdout)
    .split('\n')
    .filter((line) => line !== '');
  return { seen, rows: lines.map((line) => line.split('\t').map(unescape)) };
}

function unescape(field: string): string {
  return field.replace(
    /\\([\\ntr0])/g,
    (_, letter: string) => ({ '\\': '\\', n: '\n', t: '\t', r: '\r', '0': '\0' })[letter]!,
  );
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim();
}

/** Throws when client or server are certain to be missing; true when the server is only expected to be there. */
export function needServer(login: Login, seen: Observed): boolean {
  const server = seen.get(serverOf(login)) ?? UNKNOWN;
  if (isAbsent(seen.get('command:mysql')))
    throw new ModuleFailure('there is no MySQL or MariaDB client on the host: neither mariadb nor mysql was found');
  if (isAbsent(server))
    throw new ModuleFailure(
      `unable to connect to database: no server answers at ${serverOf(login).replace('server:mysql/', '')}`,
    );
  return isUnknown(server);
}

/** Text as an SQL string. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** Runs statements that change something. */
export function statement(login: Login, statements: readonly string[]): Script {
  return sh`${raw(client(login))}
printf '%s' ${`${statements.join(';\n')};\n`} | sql`;
}

// Speaking to MySQL or MariaDB through its client on the host. Credentials go up as a file of mode 0600 that only the
// client reads, statements through stdin: neither stands in a command line.

import type { State } from '../../../engine/model/resource.ts';
import { type ExecResult, ModuleFailure, type Observed, type Resource } from '../../../engine/module/contract.ts';
import type { ArgsOf, Schema } from '../../../engine/module/schema.ts';
import { lines, type Script, sh } from '../../../engine/module/sh.ts';
import { HOLD, holdFile } from '../hold.ts';
import { readSections, type Sections, section } from '../sections.ts';
import { knownOf, noteOf, textOf } from '../seen.ts';
import { readServer, type ServerKind, serverScript, serverState } from '../server.ts';

export const loginSchema = {
  login_user: { type: 'str', doc: 'User to log in as; the system user when not given.' },
  login_password: { type: 'str', secret: true, doc: 'Its password.' },
  login_host: { type: 'str', default: 'localhost', doc: 'Where the server is; localhost means its socket.' },
  login_port: { type: 'int', default: 3306, doc: 'Its port.' },
  login_unix_socket: { type: 'str', doc: 'Its socket.' },
  config_file: { type: 'path', default: '~/.my.cnf', doc: 'File with a [client] section, read where it exists.' },
  check_implicit_admin: { type: 'bool', default: false, doc: 'Tries root without a password first.' },
  connect_timeout: { type: 'int', default: 30, doc: 'Seconds.' },
  client_cert: { type: 'path', aliases: ['ssl_cert'], doc: 'Certificate of the client.' },
  client_key: { type: 'path', aliases: ['ssl_key'], doc: 'Key of the client.' },
  ca_cert: { type: 'path', aliases: ['ssl_ca'], doc: 'Certificate authority.' },
  check_hostname: { type: 'bool', doc: "Checks the name in the server's certificate." },
} as const satisfies Schema;

export type Login = ArgsOf<typeof loginSchema>;

export const MYSQL: ServerKind = {
  name: 'mysql',
  clients: ['mysql', 'mariadb'],
  units: ['mariadb', 'mysql', 'mysqld'],
};

/** Quotes a value for an option file. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The credentials as an option file. */
function loginText(login: Login): string {
  const options: string[] = ['[client]', `loose-connect-timeout=${login.connect_timeout}`];
  if (login.login_user !== undefined) options.push(`user=${quoted(login.login_user)}`);
  if (login.login_password !== undefined) options.push(`password=${quoted(login.login_password)}`);
  if (login.login_unix_socket !== undefined) options.push(`socket=${quoted(login.login_unix_socket)}`);
  else if (login.login_host !== 'localhost')
    options.push(`host=${quoted(login.login_host)}`, `port=${login.login_port}`);
  if (login.client_cert !== undefined) options.push(`ssl-cert=${quoted(login.client_cert)}`);
  if (login.client_key !== undefined) options.push(`ssl-key=${quoted(login.client_key)}`);
  if (login.ca_cert !== undefined) options.push(`ssl-ca=${quoted(login.ca_cert)}`);
  if (login.check_hostname === true) options.push('ssl-verify-server-cert');
  return `${options.join('\n')}\n`;
}

/** Defines `my`, the client with its credentials; `$client` must be set. */
function openClient(login: Login): Script {
  const config = login.config_file.startsWith('~/')
    ? sh`config=$HOME/${login.config_file.slice(2)}`
    : sh`config=${login.config_file}`;
  return lines(
    HOLD,
    holdFile('login.cnf', loginText(login)),
    config,
    sh`cnf=$hold/my.cnf; ( umask 077; [ -r "$config" ] && cat "$config"; echo; cat "$hold/login.cnf" ) > "$cnf"`,
    sh`my() { "$client" --defaults-file="$cnf" --batch --skip-column-names "$@"; }`,
    login.check_implicit_admin &&
      sh`printf '[client]\nuser=root\npassword=\n' > "$hold/implicit.cnf"; if "$client" --defaults-file="$hold/implicit.cnf" -e 'SELECT 1' >/dev/null 2>&1; then cnf=$hold/implicit.cnf; fi`,
  );
}

/** A question's script: tells of client and server, then runs `queries` (which use `my`) if the server answers. */
export function mysqlScript(login: Login, queries: Script): Script {
  return lines(
    serverScript(MYSQL),
    sh`if [ -n "$client" ]; then`,
    openClient(login),
    section('version'),
    sh`my -e 'SELECT VERSION()' 2>"$hold/error"; rc=$?`,
    section('error'),
    sh`cat "$hold/error"`,
    sh`if [ "$rc" = 0 ]; then`,
    queries,
    sh`fi; fi`,
  );
}

/** Reads what `mysqlScript` tells of the server. */
export function readMysql(
  login: Login,
  answer: ExecResult,
): { sections: Sections; seen: Map<Resource, State>; version: string } {
  const sections = readSections(answer);
  const version = sections.word('version');
  const local = login.login_unix_socket !== undefined || login.login_host === 'localhost';
  const place = local ? 'local' : `${login.login_host}:${login.login_port}`;
  const seen = readServer(MYSQL, place, sections, { answered: version !== '', error: sections.word('error') });
  seen.set('mysql:', { version });
  // A password that an unapplied task sets shows here: the login with it can only work later.
  seen.set(`dbuser:mysql/${login.login_user ?? 'root'}@localhost`, {});
  return { sections, seen, version };
}

/** Fails unless the server answers or is foreseen. */
export function requireServer(login: Login, seen: Observed): 'answers' | 'foreseen' {
  const { state, error, client } = serverState(MYSQL, seen);
  if (state !== 'missing') return state;
  if (!client)
    throw new ModuleFailure('The MySQL client is needed on the host: neither mysql nor mariadb is installed.');
  const account = knownOf(seen, `dbuser:mysql/${login.login_user ?? 'root'}@localhost`);
  if (account?.['auth'] === 'changed') return 'foreseen';
  throw new ModuleFailure(
    `unable to connect to database, check login_user and login_password are correct or ${login.config_file} has the credentials. Exception message: ${error}`,
  );
}

/** Runs statements that come on stdin. */
export function runStatements(login: Login): Script {
  return lines(findClient(), openClient(login), sh`my --raw`);
}

/** Sets `$client`, or fails. */
export function findClient(): Script {
  return sh`client=$(command -v mysql || command -v mariadb) || { echo 'neither mysql nor mariadb is installed' >&2; exit 127; }`;
}

export { openClient };

export function isMariadb(seen: Observed): boolean {
  const version = textOf(noteOf(seen, 'mysql:'), 'version');
  return version === '' || /maria/i.test(version);
}

/** 'text' for SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** `name` for SQL. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

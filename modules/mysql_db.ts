// mysql_db: databases of MySQL and MariaDB, through the client on the host.

import {
  ABSENT,
  type Action,
  type Change,
  defineModule,
  type JsonObject,
  ModuleFailure,
  type Plan,
  type Resource,
} from '../engine/module/contract.ts';
import type { ArgsOf, Schema } from '../engine/module/schema.ts';
import { lines, raw, type Script, sh } from '../engine/module/sh.ts';
import { sourceOf } from '../engine/module/source.ts';
import {
  findClient,
  identifier,
  literal,
  loginSchema,
  mysqlScript,
  openClient,
  readMysql,
  requireServer,
  runStatements,
} from './shared/mysql/client.ts';
import { decode, section } from './shared/sections.ts';
import { isAbsent, knownOf, stateOf } from './shared/seen.ts';

const schema = {
  ...loginSchema,
  name: {
    type: 'list',
    elements: 'str',
    required: true,
    aliases: ['db'],
    doc: 'Databases; `all` for dump and import.',
  },
  state: {
    type: 'str',
    default: 'present',
    choices: ['absent', 'dump', 'import', 'present'],
    doc: 'There, gone, written to a file, or read from one.',
  },
  encoding: { type: 'str', default: '', doc: 'Character set, when it is made.' },
  collation: { type: 'str', default: '', doc: 'Collation, when it is made.' },
  target: { type: 'path', doc: 'File of dump or import; .gz, .bz2, .xz and .zst are compressed.' },
  ignore_tables: { type: 'list', elements: 'str', default: [], doc: 'dump: tables to leave out, database.table.' },
  single_transaction: { type: 'bool', default: false, doc: 'dump: in one transaction.' },
  quick: { type: 'bool', default: true, doc: 'dump: row by row.' },
  hex_blob: { type: 'bool', default: false, doc: 'dump: binary columns in hexadecimal.' },
  skip_lock_tables: { type: 'bool', default: false, doc: 'dump: locks nothing.' },
  master_data: { type: 'int', default: 0, choices: [0, 1, 2], doc: 'dump: position of the binary log.' },
  dump_extra_args: { type: 'str', doc: 'dump: further words for the dump program.' },
  force: { type: 'bool', default: false, doc: 'dump, import: goes on after errors.' },
  sql_log_bin: { type: 'bool', default: true, doc: 'Writes to the binary log.' },
  chdir: { type: 'path', doc: 'import: folder to work in.' },
  config_overrides_defaults: {
    type: 'bool',
    default: false,
    doc: 'Host and port of config_file win over the defaults.',
  },
  pipefail: { type: 'bool', default: false, doc: 'A compressed dump always fails when the dump program fails.' },
  restrict_config_file: { type: 'bool', default: false, doc: 'Nothing but config_file is read anyway.' },
  unsafe_login_password: { type: 'bool', default: false, doc: 'The password never stands in a command line.' },
  use_shell: { type: 'bool', default: false, doc: 'A compressed import always goes through a pipe.' },
} as const satisfies Schema;
type Args = ArgsOf<typeof schema>;

export default defineModule({
  doc: {
    collection: 'community.mysql',
    summary: 'Makes, drops, dumps and imports databases of MySQL and MariaDB.',
    notes: [
      'Needs the mysql or mariadb client on the host, no Python library.',
      'A dry run plans on a server that an earlier task would install.',
    ],
    examples: `
- name: The application's database
  community.mysql.mysql_db:
    name: app
    encoding: utf8mb4
    login_unix_socket: /run/mysqld/mysqld.sock
- name: A copy before the upgrade
  community.mysql.mysql_db:
    name: app
    state: dump
    target: /var/backups/app.sql.gz
`,
    returns: { db: 'The databases, with blanks.', db_list: 'The databases.', executed_commands: 'What was run.' },
  },
  schema,
  rules: {
    requiredIf: [
      { arg: 'state', is: 'dump', then: ['target'] },
      { arg: 'state', is: 'import', then: ['target'] },
    ],
  },
  inspect(args) {
    const all = args.name.includes('all');
    if (all && args.state !== 'dump' && args.state !== 'import') {
      throw new ModuleFailure("name=all is not supported unless state is 'import' or 'dump'");
    }
    if (args.state === 'import' && args.name.length > 1)
      throw new ModuleFailure('Multiple databases are not supported with state=import');
    return {
      kind: 'question',
      script: mysqlScript(
        args,
        lines(
          section('databases'),
          sh`my -e 'SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA'`,
          section('target'),
          args.target !== undefined && sh`[ -e ${args.target} ] && echo there`,
        ),
      ),
      read(answer) {
        const { sections, seen } = readMysql(args, answer);
        const found = new Map(
          sections.lines('databases').map((line) => [line.split('\t')[0]!, line.split('\t')] as const),
        );
        for (const name of args.name) {
          const row = found.get(name);
          seen.set(of(name), row === undefined ? ABSENT : { encoding: row[1] ?? '', collation: row[2] ?? '' });
        }
        if (args.target !== undefined)
          seen.set(`file:${args.target}`, sections.word('target') === 'there' ? { type: 'file' } : ABSENT);
        return seen;
      },
    };
  },
  plan(args, seen) {
    const server = requireServer(args, seen);
    if (args.state === 'dump') {
      const missing = args.name.find((name) => name !== 'all' && isAbsent(stateOf(seen, of(name))));
      if (missing !== undefined && server === 'answers')
        throw new ModuleFailure(`Cannot dump database(s) '${missing}' - not found`);
      return done(args, dump(args, knownOf(seen, `file:${args.target!}`) ?? ABSENT), []);
    }
    if (args.state === 'import') {
      if (server === 'answers' && isAbsent(stateOf(seen, `file:${args.target!}`))) {
        throw new ModuleFailure(`target ${args.target} does not exist on the host`);
      }
      const fresh = args.name.filter((name) => name !== 'all' && isAbsent(stateOf(seen, of(name))));
      return done(args, load(args, fresh), []);
    }
    const absent = args.state === 'absent';
    const todo = args.name.filter((name) => isAbsent(stateOf(seen, of(name))) !== absent);
    if (todo.length === 0) return { kind: 'plan', actions: [], data: told(args, []) };
    const statements = todo.map((name) => (absent ? `DROP DATABASE ${identifier(name)}` : createStatement(args, name)));
    const changes = todo.map((name): Change => {
      const before = knownOf(seen, of(name)) ?? ABSENT;
      return absent
        ? { of: of(name), before, after: ABSENT }
        : { of: of(name), before: ABSENT, after: { encoding: args.encoding, collation: args.collation } };
    });
    const action: Action = {
      changes,
      step: {
        run: runStatements(args),
        stdin: sourceOf(sqlOf(args, statements)),
        failure: `error ${absent ? 'deleting' : 'creating'} database`,
      },
    };
    return done(args, action, statements);
  },
});

function of(name: string): Resource {
  return `database:mysql/${name}`;
}

function sqlOf(args: Args, statements: readonly string[]): string {
  return [...(args.sql_log_bin ? [] : ['SET SQL_LOG_BIN=0']), ...statements]
    .map((statement) => `${statement};\n`)
    .join('');
}

function createStatement(args: Args, name: string): string {
  const encoding = args.encoding === '' ? '' : ` CHARACTER SET ${literal(args.encoding)}`;
  const collation = args.collation === '' ? '' : ` COLLATE ${literal(args.collation)}`;
  return `CREATE DATABASE ${identifier(name)}${encoding}${collation}`;
}

function told(args: Args, statements: readonly string[]): JsonObject {
  const data = { db: args.name.join(' '), db_list: [...args.name] };
  return statements.length === 0 ? data : { ...data, executed_commands: [...statements] };
}

function done(args: Args, action: Action, statements: readonly string[]): Plan {
  const named = statements.length > 0 ? statements : [`${args.state} ${args.name.join(' ')} ${args.target}`];
  return {
    kind: 'plan',
    actions: [action],
    pending: told(args, statements),
    conclude: (outputs) => ({
      ...told(args, named),
      ...(args.target === undefined ? {} : { msg: decode(outputs[0]!.stdout) }),
    }),
  };
}

/** The program that (de)compresses by the file's suffix. */
function packer(target: string): string | undefined {
  const programs: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz', zst: 'zstd' };
  return programs[target.split('.').at(-1)!];
}

function dump(args: Args, before: JsonObject | typeof ABSENT): Action {
  const words = [
    ...(args.force ? ['--force'] : []),
    ...(args.quick ? ['--quick'] : ['--skip-quick']),
    ...(args.single_transaction ? ['--single-transaction=true'] : []),
    ...(args.hex_blob ? ['--hex-blob'] : []),
    ...(args.skip_lock_tables ? ['--skip-lock-tables'] : []),
    ...(args.master_data === 0 ? [] : [`--master-data=${args.master_data}`]),
    ...(args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`]),
    ...args.ignore_tables.map((table) => `--ignore-table=${table}`),
    ...(args.name.includes('all')
      ? ['--all-databases']
      : args.name.length > 1
        ? ['--databases', ...args.name]
        : args.name),
  ];
  const program = packer(args.target!);
  const dumping = sh`"$dumper" --defaults-file="$cnf" ${words} ${raw(args.dump_extra_args ?? '')}`;
  const script = lines(
    findClient(),
    sh`dumper=$(command -v mysqldump || command -v mariadb-dump) || { echo 'mysqldump is not installed' >&2; exit 127; }`,
    openClient(args),
    program === undefined
      ? sh`${raw(dumping)} > ${args.target!}`
      : sh`mkfifo "$hold/pipe"; ${program} -c < "$hold/pipe" > ${args.target!} & packer=$!
${raw(dumping)} > "$hold/pipe"; rc=$?; wait "$packer" || exit; exit "$rc"`,
  );
  return {
    changes: [{ of: `file:${args.target!}`, before, after: { type: 'file' } }],
    step: { run: script, failure: 'the dump failed' },
  };
}

function load(args: Args, fresh: readonly string[]): Action {
  const all = args.name.includes('all');
  const database = all ? [] : args.name;
  const words = [
    ...(args.force ? ['--force'] : []),
    ...(args.encoding === '' ? [] : [`--default-character-set=${args.encoding}`]),
    ...database,
  ];
  const program = packer(args.target!);
  const log: Script | false = !args.sql_log_bin && sh`set -- --init-command='SET SQL_LOG_BIN=0'`;
  const script = lines(
    findClient(),
    openClient(args),
    sh`set --`,
    log,
    fresh.length > 0 && sh`my "$@" -e ${fresh.map((name) => createStatement(args, name)).join('; ')} || exit`,
    args.chdir !== undefined && sh`cd ${args.chdir} || exit`,
    program === undefined
      ? sh`my "$@" ${words} < ${args.target!}`
      : sh`mkfifo "$hold/pipe"; ${program} -dc < ${args.target!} > "$hold/pipe" & packer=$!
my "$@" ${words} < "$hold/pipe"; rc=$?; wait "$packer" || exit; exit "$rc"`,
  );
  const names = all ? ['all'] : args.name;
  return {
    changes: names.map(
      (name): Change => ({
        of: of(name),
        before: fresh.includes(name) ? ABSENT : {},
        after: { imported: args.target! },
      }),
    ),
    step: { run: script, failure: 'the import failed' },
  };
}

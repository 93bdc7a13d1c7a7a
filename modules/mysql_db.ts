// community.mysql.mysql_db: databases on a MySQL or MariaDB server, made, dropped, dumped and loaded.

import { type Action, ABSENT, defineModule, ModuleFailure, type Plan } from '../engine/module/contract.ts';
import type { State } from '../engine/model/resource.ts';
import { raw, sh } from '../engine/module/sh.ts';
import { isAbsent, isUnknown } from './shared/seen.ts';
import { answerOf, client, identifier, literal, LOGIN, needServer, query, statement } from './shared/sql/mysql.ts';

export default defineModule({
  doc: {
    collection: 'community.mysql',
    summary: 'Keeps databases of a MySQL or MariaDB server.',
    notes: ['Works through the client program on the host; no library is needed.', '`target` of state import and dump is a file on the host; .gz, .bz2 and .xz are packed and unpacked.'],
    examples: `
- name: The application's database
  mysql_db:
    name: app
    encoding: utf8mb4
    login_unix_socket: /run/mysqld/mysqld.sock
`,
    returns: { db: 'Names, separated by blanks.', db_list: 'Names as a list.', executed_commands: 'Statements that were run.' },
  },
  schema: {
    name: { type: 'list', elements: 'str', required: true, aliases: ['db'], doc: 'Names of the databases; `all` with state dump and import.' },
    state: { type: 'str', choices: ['absent', 'dump', 'import', 'present'], default: 'present', doc: 'What is wanted.' },
    encoding: { type: 'str', default: '', doc: 'Character set of a new database.' },
    collation: { type: 'str', default: '', doc: 'Collation of a new database.' },
    target: { type: 'path', doc: 'File to dump to or load from.' },
    single_transaction: { type: 'bool', default: false, doc: 'Dumps in one transaction.' },
    quick: { type: 'bool', default: true, doc: 'Dumps row by row.' },
    force: { type: 'bool', default: false, doc: 'Goes on after errors of dump and import.' },
    dump_extra_args: { type: 'str', doc: 'Further options of the dump program.' },
    ...LOGIN,
  },
  rules: { requiredIf: [{ arg: 'state', is: 'dump', then: ['target'] }, { arg: 'state', is: 'import', then: ['target'] }] },
  inspect(args) {
    const names = args.name.map(literal).join(', ');
    return {
      kind: 'question',
      script: query(args, `SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME IN (${names})`),
      read(answer) {
        const { seen, rows } = answerOf(args, answer);
        for (const name of args.name) {
          const row = rows?.find(([found]) => found === name);
          const state: State = row === undefined ? ABSENT : { encoding: row[1] ?? '', collation: row[2] ?? '' };
          seen.set(`database:mysql/${name}`, state);
        }
        return seen;
      },
    };
  },
  plan(args, seen): Plan {
    needServer(args, seen);
    const data = { db: args.name.join(' '), db_list: args.name };
    const there = (name: string): boolean => {
      const state = seen.get(`database:mysql/${name}`);
      return state !== undefined && !isAbsent(state) && !isUnknown(state);
    };
    if (args.state === 'dump' || args.state === 'import') return { kind: 'plan', actions: [transfer(args)], data };
    const wanted = args.state === 'present';
    const different = args.name.filter((name) => there(name) !== wanted);
    if (different.length === 0) return { kind: 'plan', actions: [], data: { ...data, executed_commands: [] } };
    const statements = different.map((name) => (wanted ? create(name, args.encoding, args.collation) : `DROP DATABASE ${identifier(name)}`));
    return {
      kind: 'plan',
      actions: [
        {
          changes: different.map((name) => ({
            of: `database:mysql/${name}` as const,
            before: wanted ? ABSENT : {},
            after: wanted ? { encoding: args.encoding, collation: args.collation } : ABSENT,
          })),
          step: { run: statement(args, statements), failure: wanted ? 'error creating database' : 'error deleting database' },
        },
      ],
      data: { ...data, executed_commands: statements },
    };
  },
});

function create(name: string, encoding: string, collation: string): string {
  const words = [`CREATE DATABASE ${identifier(name)}`];
  if (encoding !== '') words.push(`CHARACTER SET ${literal(encoding)}`);
  if (collation !== '') words.push(`COLLATE ${literal(collation)}`);
  return words.join(' ');
}

interface Transfer {
  readonly name: readonly string[];
  readonly state: 'absent' | 'dump' | 'import' | 'present';
  readonly target: string | undefined;
  readonly single_transaction: boolean;
  readonly quick: boolean;
  readonly force: boolean;
  readonly dump_extra_args: string | undefined;
}

const PACKERS: Readonly<Record<string, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };

/** Loading and dumping always count as a change, as there. */
function transfer(args: Transfer & Parameters<typeof client>[0]): Action {
  const target = args.target!;
  const packer = PACKERS[/\.(gz|bz2|xz)$/.exec(target)?.[1] ?? ''];
  const all = args.name.length === 1 && args.name[0] === 'all';
  if (args.state === 'import') {
    const database = all ? [] : args.name.slice(0, 1);
    if (!all && args.name.length > 1) throw new ModuleFailure('importing multiple databases is not supported');
    const read = packer === undefined ? raw('cat') : raw(`${packer} -dc`);
    return {
      changes: [{ of: `database-content:mysql/${args.name.join(',')}`, before: ABSENT, after: { target } }],
      step: { run: sh`${raw(client(args))}
[ -r ${target} ] || { echo ${`target ${target} does not exist on the host`} >&2; exit 1; }
${read} ${target} | sql ${args.force ? ['--force'] : []} ${database}`, failure: 'error importing' },
    };
  }
  const flags = [...(args.single_transaction ? ['--single-transaction=true'] : []), ...(args.quick ? ['--quick'] : []), ...(args.force ? ['--force'] : [])];
  const write = packer === undefined ? raw('cat') : raw(packer);
  return {
    changes: [{ of: `file:${target}`, before: ABSENT, after: { type: 'file' } }],
    step: { run: sh`umask 077
${raw(client(args, 'dump'))}
{ sql ${flags} ${raw(args.dump_extra_args ?? '')} ${all ? ['--all-databases'] : ['--databases', ...args.name]} || exit 1; } | ${write} >${target}`, failure: 'error dumping' },
  };
}

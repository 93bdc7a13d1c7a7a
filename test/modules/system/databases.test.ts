// mysql_db, mysql_user, rabbitmqctl: differences, statements, and servers that are missing or foreseen.

import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../../engine/module/contract.ts';
import mysqlDb from '../../../modules/mysql_db.ts';
import mysqlUser, { nativeHash } from '../../../modules/mysql_user.ts';
import rabbitmqctl from '../../../modules/rabbitmqctl.ts';
import {
  parseGrants,
  parsePrivileges,
  privilegeStatements,
  privilegeSteps,
} from '../../../modules/shared/mysql/privileges.ts';
import { changesOf, planFrom, sections } from './answers.ts';

const SERVER = { client: 'mysql /usr/bin/mysql', units: 'mariadb active', version: '10.11.6-MariaDB', error: '' };
const BARE = { client: '', units: '' };

function statements(plan: ReturnType<typeof planFrom>): string {
  const step = plan.actions[0]!.step;
  return 'run' in step ? new TextDecoder().decode(step.stdin!.bytes) : '';
}

describe('mysql_db', () => {
  const host = sections({ ...SERVER, databases: 'app\tutf8mb4\tutf8mb4_general_ci' });
  it('makes what is missing, drops what is there', () => {
    expect(planFrom(mysqlDb, { name: 'app' }, host).actions).toEqual([]);
    expect(statements(planFrom(mysqlDb, { name: 'a`b', encoding: 'utf8' }, host))).toBe(
      "CREATE DATABASE `a``b` CHARACTER SET 'utf8';\n",
    );
    expect(statements(planFrom(mysqlDb, { name: 'app', state: 'absent' }, host))).toBe('DROP DATABASE `app`;\n');
  });

  it.each([
    ['nothing is foreseen', {}, 'The MySQL client is needed on the host'],
    ['only a server elsewhere is', { 'server:mysql/local': UNKNOWN }, 'The MySQL client is needed on the host'],
  ])('fails without a client when %s', (_, overlay, message) => {
    expect(() => planFrom(mysqlDb, { name: 'app' }, sections(BARE), overlay)).toThrow(message);
  });

  it('plans on a client and a server that are foreseen', () => {
    const overlay = { 'command:mysql': { path: '/usr/bin/mysql' }, 'unit:mariadb.service': { active: 'active' } };
    expect(changesOf(planFrom(mysqlDb, { name: 'app' }, sections(BARE), overlay))).toEqual([
      ['database:mysql/app', { encoding: '', collation: '' }],
    ]);
    const remote = { 'command:mysql': UNKNOWN, 'server:mysql/db:3306': UNKNOWN };
    expect(changesOf(planFrom(mysqlDb, { name: 'app', login_host: 'db' }, sections(BARE), remote))).toHaveLength(1);
  });

  it('says why a server does not answer', () => {
    const host = sections({ ...SERVER, version: '', error: 'ERROR 1045 (28000): Access denied' });
    expect(() => planFrom(mysqlDb, { name: 'app' }, host)).toThrow(/unable to connect to database.*Access denied/);
  });

  it('writes the password by printf into a file, never as a word of the client', () => {
    const { script } = mysqlDb.inspect(
      {
        name: ['a'],
        state: 'present',
        login_password: 'pa"ss',
        config_file: '~/.my.cnf',
        login_host: 'localhost',
        connect_timeout: 30,
      } as never,
      {} as never,
    );
    const holding = script.split('\n').filter((line) => line.includes('pa\\"ss'));
    expect(holding).toEqual([expect.stringMatching(/^password=/)]);
    expect(script).toContain('umask 077; printf');
  });
});

describe('mysql_user', () => {
  const hash = nativeHash('right');
  const host = sections({
    ...SERVER,
    accounts: `%\tmysql_native_password\t${hash}`,
    'grants %': 'GRANT USAGE ON *.* TO `app`@`%`\nGRANT SELECT, INSERT ON `app`.* TO `app`@`%`',
  });
  it('knows the hash of mysql_native_password', () => {
    expect(nativeHash('password')).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
  });

  it.each([
    [{ password: 'right', priv: 'app.*:SELECT,INSERT' }, ''],
    [{ password: 'wrong' }, `SET PASSWORD FOR 'app'@'%' = '${nativeHash('wrong')}';\n`],
    [{ priv: 'app.*:SELECT' }, "REVOKE INSERT ON `app`.* FROM 'app'@'%';\n"],
    [{ priv: 'app.*:ALL,GRANT' }, "GRANT ALL ON `app`.* TO 'app'@'%' WITH GRANT OPTION;\n"],
    [{ priv: 'b.t:UPDATE', append_privs: true }, "GRANT UPDATE ON `b`.`t` TO 'app'@'%';\n"],
    [{ priv: 'app.*:INSERT,DROP', subtract_privs: true }, "REVOKE INSERT ON `app`.* FROM 'app'@'%';\n"],
    [{ state: 'absent' }, "DROP USER 'app'@'%';\n"],
  ])('%o', (args, sql) => {
    const plan = planFrom(mysqlUser, { name: 'app', host: '%', ...args }, host);
    expect(plan.actions.length === 0 ? '' : statements(plan)).toBe(sql);
  });

  it('makes an account with its privileges, the password hashed', () => {
    const plan = planFrom(
      mysqlUser,
      { name: 'new', password: 'x', priv: 'app.*:ALL' },
      sections({ ...SERVER, accounts: '' }),
    );
    expect(statements(plan)).toBe(
      `CREATE USER 'new'@'localhost' IDENTIFIED BY PASSWORD '${nativeHash('x')}';\nGRANT ALL ON \`app\`.* TO 'new'@'localhost';\n`,
    );
    expect(plan.data).toMatchObject({ msg: 'User added', password_changed: true });
  });

  it('refuses by name what it does not do', () => {
    expect(() => planFrom(mysqlUser, { name: 'app', locked: true }, host)).toThrow(
      'mysql_user does not support: locked',
    );
  });

  it('reads grants, and takes ALL apart', () => {
    const have = parseGrants([
      'GRANT ALL PRIVILEGES ON `a_b`.* TO `u`@`h` WITH GRANT OPTION',
      'GRANT SELECT (`c`, `b`) ON `x`.`t` TO `u`@`h`',
    ]);
    expect([...have]).toEqual([
      ['a_b.*', new Set(['ALL', 'GRANT'])],
      ['x.t', new Set(['SELECT (B, C)'])],
    ]);
    const steps = privilegeSteps(have, parsePrivileges('a_b.*:SELECT/x.t:SELECT (b,c)'), 'set');
    expect(privilegeStatements(steps, 'U')).toEqual([
      'REVOKE GRANT OPTION ON `a_b`.* FROM U',
      'REVOKE ALL ON `a_b`.* FROM U',
      'GRANT SELECT ON `a_b`.* TO U',
    ]);
  });
});

describe('rabbitmqctl', () => {
  const answering = {
    client: 'rabbitmqctl /usr/sbin/rabbitmqctl',
    units: 'rabbitmq-server active',
    users: '[{"user":"site","tags":["administrator"]}]',
    rc: '0',
    error: '',
    vhosts: '[{"name":"/"}]',
    permissions: '[{"user":"site","configure":".*","write":".*","read":".*"}]',
    authenticated: 'yes',
  };
  it.each([
    [{ verb: 'add_user', user: 'site', password: 'x' }, []],
    [{ verb: 'add_user', user: 'new', password: 'x' }, [['rabbitmq-user:new', { tags: [], password: 'set' }]]],
    [{ verb: 'set_user_tags', user: 'site', tags: ['administrator'] }, []],
    [{ verb: 'set_user_tags', user: 'site', tags: ['monitoring'] }, [['rabbitmq-user:site', { tags: ['monitoring'] }]]],
    [{ verb: 'set_permissions', user: 'site' }, []],
    [
      { verb: 'set_permissions', user: 'site', read: '^a' },
      [['rabbitmq-permission://site', { configure: '.*', write: '.*', read: '^a' }]],
    ],
    [{ verb: 'add_vhost', vhost: '/' }, []],
    [{ verb: 'await_startup' }, []],
  ])('%o', (args, changes) => {
    const host = args.verb === 'await_startup' ? { ...answering, ping: 'yes' } : answering;
    expect(changesOf(planFrom(rabbitmqctl, args, sections(host)))).toEqual(changes);
  });

  it('a wrong password is set anew, on stdin', () => {
    const plan = planFrom(
      rabbitmqctl,
      { verb: 'change_password', user: 'site', password: 's3cret' },
      sections({ ...answering, authenticated: '' }),
    );
    const step = plan.actions[0]!.step;
    expect('run' in step && step.run).not.toContain('s3cret');
    expect('run' in step && new TextDecoder().decode(step.stdin!.bytes)).toBe('s3cret\n');
  });

  it('needs the client, or its foreseeing', () => {
    const args = { verb: 'set_permissions', user: 'site' };
    expect(() => planFrom(rabbitmqctl, args, sections(BARE))).toThrow('rabbitmqctl is not installed on this host');
    const overlay = { 'command:rabbitmqctl': UNKNOWN, 'server:rabbitmq/local': UNKNOWN };
    expect(changesOf(planFrom(rabbitmqctl, args, sections(BARE), overlay))).toHaveLength(1);
  });
});

// user and group: differences found, and results registered; passwords stay out of command lines and changes.

import { describe, expect, it } from 'vitest';
import { ABSENT, UNKNOWN } from '../../../engine/module/contract.ts';
import group from '../../../modules/group.ts';
import { looksUnhashed } from '../../../modules/shared/accounts/password.ts';
import user from '../../../modules/user.ts';
import { changesOf, planFrom, sections } from './answers.ts';

const HOST = {
  tools: 'useradd\nusermod\nuserdel\ngroupadd\ngroupmod\ngroupdel\nchage',
  groups: 'adm:x:4:ann\nann:x:1000:\ndisk:x:6:\nwheel:x:10:',
  asked: '',
  passwd: 'ann:x:1000:1000:Ann:/home/ann:/bin/bash',
  shadow: 'ann:$6$a$hash:20000:0:99999:7:::',
  used: '0\n1000',
  defaults: 'HOME=/home\nSHELL=/bin/sh',
  hostname: 'h',
  home: 'there',
};
const EMPTY = { ...HOST, passwd: '', shadow: '', home: '' };

describe('user', () => {
  it.each([
    [{}, []],
    [{ comment: 'Ann', shell: '/bin/bash', group: 'ann', uid: 1000 }, []],
    [{ groups: ['adm'] }, []],
    [{ groups: ['disk'] }, { groups: ['disk'] }],
    [{ groups: ['disk'], append: true }, { groups: ['adm', 'disk'] }],
    [{ groups: [''] }, { groups: [] }],
    [
      { shell: '/bin/sh', home: '/srv/ann' },
      { shell: '/bin/sh', home: '/srv/ann' },
    ],
    [{ group: 'wheel' }, { group: 'wheel' }],
    [{ password: '$6$a$hash' }, []],
    [{ password: '$6$a$other' }, { password: 'set' }],
    [{ password: '$6$a$other', update_password: 'on_create' }, []],
    [{ password_lock: true }, { locked: true }],
    [{ expires: 86400 }, { expires: 1 }],
    [{ password_expire_max: 99999 }, []],
  ])('%o', (args, after) => {
    const plan = planFrom(user, { name: 'ann', ...args }, sections(HOST));
    expect(changesOf(plan)).toEqual(Array.isArray(after) ? [] : [['user:ann', after]]);
  });

  it('a new user brings its group and its home', () => {
    const plan = planFrom(user, { name: 'bob', groups: ['adm'] }, sections(EMPTY));
    const [change] = plan.actions[0]!.changes;
    expect(change).toMatchObject({ of: 'user:bob', before: ABSENT, after: { home: '/home/bob', shell: '/bin/sh' } });
    expect(change!.brings!.map((bring) => [bring.of, bring.sure])).toEqual([
      ['group:bob', true],
      ['file:/home/bob', true],
    ]);
    expect(plan.data).toBeUndefined();
  });

  it('keeps the hash out of the script and of the change', () => {
    const plan = planFrom(user, { name: 'bob', password: '$6$salt$secret' }, sections(EMPTY));
    expect(JSON.stringify(plan.actions[0]!.changes)).not.toContain('secret');
    const step = plan.actions[0]!.step;
    expect('run' in step && step.run).not.toContain('secret');
    expect('run' in step && new TextDecoder().decode(step.stdin!.bytes)).toBe('$6$salt$secret');
  });

  it('fails for a group that is not there, unless it is foreseen', () => {
    const args = { name: 'ann', groups: ['nosuch'] };
    expect(() => planFrom(user, args, sections(HOST))).toThrow('Group nosuch does not exist');
    expect(changesOf(planFrom(user, args, sections(HOST), { 'group:nosuch': UNKNOWN }))).toEqual([
      ['user:ann', { groups: ['nosuch'] }],
    ]);
  });

  it('a foreseen user is taken to be as wanted', () => {
    expect(
      changesOf(planFrom(user, { name: 'bob', shell: '/bin/bash' }, sections(EMPTY), { 'user:bob': UNKNOWN })),
    ).toEqual([]);
  });

  it('removal takes the group and, if asked for, the home', () => {
    expect(changesOf(planFrom(user, { name: 'ann', state: 'absent', remove: true }, sections(HOST)))).toEqual([
      ['user:ann', ABSENT],
      ['group:ann', ABSENT],
      ['file:/home/ann', ABSENT],
    ]);
    const gone = planFrom(user, { name: 'bob', state: 'absent' }, sections(EMPTY));
    expect(gone.data).toEqual({ name: 'bob', state: 'absent' });
  });
});

it.each([
  ['*', false],
  ['plain', true],
  ['$6$short$hash', true],
  [`$5$salt$${'a'.repeat(43)}`, false],
  ['a:b', true],
])('%s looks unhashed: %s', (text, unhashed) => expect(looksUnhashed(text)).toBe(unhashed));

describe('group', () => {
  it.each([
    [{ name: 'adm', gid: 4 }, []],
    [{ name: 'adm', gid: 5 }, [['group:adm', { gid: 5 }]]],
    [{ name: 'new', gid: 7 }, [['group:new', { members: [], gid: 7 }]]],
    [{ name: 'adm', state: 'absent' }, [['group:adm', ABSENT]]],
    [{ name: 'new', state: 'absent' }, []],
  ])('%o', (args, changes) => expect(changesOf(planFrom(group, args, sections(HOST)))).toEqual(changes));
});

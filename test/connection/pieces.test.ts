// The parts of a session that need no shell: marks in a stream, command lines to become another user, victims, tries.

import { describe, expect, it } from 'vitest';
import { escalation } from '../../engine/connection/become.ts';
import { Ear, request } from '../../engine/connection/frame.ts';
import { parseProcesses, victims } from '../../engine/connection/halt.ts';
import { redial } from '../../engine/connection/redial.ts';
import { ConnectionError, type ConnectionFault } from '../../engine/model/errors.ts';

describe('an answer in a stream', () => {
  const stream = 'noise of rc\nM:6\nolder\nM.6 1\nM:7 11 12\nsaid\nMM.7M. not yet M.7 3\nlate';
  it.each([1, 2, 3, 5, 8, 1000])('is found in pieces of %i bytes', (size) => {
    const heard: string[] = [];
    const ear = new Ear('M', 7, 1000, (bytes) => heard.push(Buffer.from(bytes).toString()));
    for (let at = 0; at < stream.length; at += size) ear.hear(Buffer.from(stream.slice(at, at + size)));
    expect(ear.heading).toEqual(['11', '12']);
    expect(Buffer.from(ear.bytes()).toString()).toBe('said\nM');
    expect(heard.join('')).toBe('said\nM');
  });

  it('keeps no more than its limit, and says so', () => {
    const ear = new Ear('M', 1, 10);
    ear.hear(Buffer.from('M:1\n0123456789'));
    expect(ear.overflowed).toBe(false);
    ear.hear(Buffer.from('x'));
    ear.hear(Buffer.from('M.1 0\n'));
    expect([ear.overflowed, ear.done, ear.bytes().length]).toEqual([true, true, 10]);
  });

  it.each([
    ['a\nb', false, 'N lines 2\na\nb\n'],
    ['x'.repeat(1200), true, `N bytes 1201\n${'x'.repeat(1200)}\n`],
  ])('a request is counted by lines or bytes', (text, bash, expected) => {
    expect(request('N', text, bash).toString()).toBe(expected);
  });
});

describe('becoming another user', () => {
  const become = (method: string, more = {}) =>
    escalation({ method, user: 'app', password: undefined, flags: undefined, exe: undefined, ...more });
  it.each<[string, object, string]>([
    ['sudo', {}, 'sudo -H -S -n -u app sh -c x'],
    ['sudo', { password: 'p' }, 'sudo -H -S -p PROMPT -u app sh -c x'],
    ['sudo', { password: 'p', flags: '-Hn' }, 'sudo -H -p PROMPT -S -u app sh -c x'],
    ['sudo', { exe: '/opt/bin/sudo', flags: '-i' }, '/opt/bin/sudo -i -u app sh -c x'],
    ['su', { flags: '-' }, 'su - app -c sh -c x'],
    ['doas', {}, 'doas -n -u app sh -c x'],
    ['doas', { password: 'p' }, 'doas -u app sh -c x'],
  ])('%s %j', (method, more, expected) => {
    const words = become(method, more).argv(['sh', '-c', 'x']);
    expect(words.join(' ').replace(/\[sudo, key=\w+\] password:/, 'PROMPT')).toBe(expected);
  });

  it.each([
    'Password: ',
    'Mot de passe : ',
    'Passwort:',
    'パスワード：',
    'doas (me@host) password: ',
    'Wachtwoord voor x:',
  ])('knows "%s" as a question', (text) => expect(become('su').prompt.test(`noise\n${text}`)).toBe(true));
  it('does not take any text for one', () => {
    for (const text of ['Last login: ', 'password file: read\n']) expect(become('su').prompt.test(text)).toBe(false);
  });
});

describe('what is killed', () => {
  const processes = parseProcesses(
    '1 0 1 1\n10 1 10 10\n11 10 10 10\n12 10 12 12\n13 12 12 12\n14 1 14 12\n15 1 15 15\nbad\n',
  );
  it('is beneath the shell, or in a session begun there, and no pump', () => {
    expect(victims(processes, 10, [11]).sort()).toEqual([12, 13, 14]);
  });
});

describe('trying again', () => {
  const failing = (fault: ConnectionFault, times: number) => {
    let calls = 0;
    return {
      dial: async () => {
        if (calls++ < times) throw new ConnectionError(fault, 'no');
        return calls;
      },
      calls: () => calls,
    };
  };
  it.each<[ConnectionFault, number, number, number | 'fails', number[]]>([
    ['refused', 0, 0, 1, []],
    ['refused', 1, 0, 'fails', []],
    ['timeout', 3, 3, 4, [0, 1000, 3000]],
    ['auth', 1, 3, 'fails', []],
    ['hostkey', 1, 3, 'fails', []],
    ['lost', 8, 8, 9, [0, 1000, 3000, 7000, 15_000, 30_000, 30_000, 30_000]],
  ])('%s %i times, %i tries more', async (fault, times, retries, outcome, pauses) => {
    const { dial } = failing(fault, times);
    const made: number[] = [];
    const result = await redial(retries, dial, async (pause) => made.push(pause)).catch(() => 'fails');
    expect(result).toBe(outcome);
    expect(made).toEqual(pauses);
  });
});

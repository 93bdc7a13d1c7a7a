// A host is cut from the network in the middle of a run: it is given up in good time, and nobody else is troubled, least of all
// one whose command has nothing to say for long.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, upLab } from './lab.ts';
import { executions, type Played, Player, type Told } from './playing.ts';
import { onRealHosts, thorough } from './suite.ts';

/** How long the silent command takes, in seconds: longer than it takes to give up a host. */
const SILENCE = thorough ? 120 : 50;
/** Within so many seconds of the cut the host must be given up. */
const PATIENCE = 60;
const CONNECTIONS = ['ssh2', 'openssh'];
const HOSTS = ['cut', 'silent', 'c', 'd'];

const playbook = `
- hosts: all
  gather_facts: false
  tasks:
    - name: Before
      command: touch /root/before-{{ ansible_connection }}
    - name: Silent work
      shell: echo > /tmp/at-work-{{ ansible_connection }}; sleep ${SILENCE}; echo done
      when: inventory_hostname in ['cut', 'silent']
    - name: After
      command: uname -n
`;

onRealHosts('a host cut from the network in the middle of a run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-cut-'));
  let lab: Lab;
  let player: Player;
  let cutAt: number;
  const played = new Map<string, Played>();

  beforeAll(async () => {
    lab = await upLab({ name: `cut-${process.pid}`.slice(0, 16), hosts: HOSTS.map((name) => ({ name })) });
    player = new Player(lab);
    const file = join(folder, 'play.yml');
    writeFileSync(file, playbook);
    // Both ways to connect at once: the silence is long.
    const runs = CONNECTIONS.map(async (connection) => {
      played.set(connection, await player.play([file, '-e', `ansible_connection=${connection}`]));
    });
    const marks = CONNECTIONS.map((connection) => `[ -e /tmp/at-work-${connection} ]`).join(' && ');
    for (const host of ['cut', 'silent']) await lab.enter(host, `until ${marks}; do sleep 0.1; done`);
    cutAt = Date.now();
    await lab.fault('cut', 'cut');
    await Promise.all(runs);
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(CONNECTIONS)('over %s', (connection) => {
    const of = (name: string, host: string): Told | undefined =>
      executions(played.get(connection)!.events).find((told) => told.name === name && told.host === host);

    it(`the host is unreachable within ${PATIENCE} s of the cut, and what was sent is told as unanswered`, () => {
      const { result, outcome } = of('Silent work', 'cut')!;
      expect(result.status).toBe('unreachable');
      expect(Date.parse(outcome.ended) - cutAt).toBeLessThan(PATIENCE * 1000);
      expect(result).toMatchObject({ failure: { message: expect.stringContaining('cut') } });
      expect('unanswered' in result && result.unanswered).toContain(`sleep ${SILENCE}`);
    });

    it(`the command that was silent for ${SILENCE} s was left alone`, () => {
      const { result, outcome } = of('Silent work', 'silent')!;
      expect(result).toMatchObject({ status: 'changed', data: { rc: 0, stdout: 'done' } });
      expect(outcome.duration).toBeGreaterThanOrEqual(SILENCE * 1000);
    });

    it('the others go on to the end, and the lost one takes no further part', () => {
      expect(HOSTS.map((host) => of('After', host)?.result.data['stdout'])).toEqual([undefined, 'silent', 'c', 'd']);
    });

    it('the exit code is 4 and the recap is truthful', () => {
      const { rc, text } = played.get(connection)!;
      expect(rc, text).toBe(4);
      const recap = text.slice(text.indexOf('PLAY RECAP')).replaceAll(/ +/g, ' ');
      const counts = [...recap.matchAll(/^(\w+) : (.*?) rescued/gm)].map(([, host, told]) => `${host} ${told}`);
      expect(counts).toEqual([
        'c ok=2 changed=2 unreachable=0 failed=0 skipped=1',
        'cut ok=1 changed=1 unreachable=1 failed=0 skipped=0',
        'd ok=2 changed=2 unreachable=0 failed=0 skipped=1',
        'silent ok=3 changed=3 unreachable=0 failed=0 skipped=0',
      ]);
    });
  });
});

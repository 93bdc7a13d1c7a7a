// Many hosts have one host do something for them: their commands run beside each other there, over few connections.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Lab, upLab } from './lab.ts';
import { executions, Player } from './playing.ts';
import { onRealHosts } from './suite.ts';

const MANY = Array.from({ length: 20 }, (_, at) => `h${at + 1}`);

onRealHosts('twenty hosts that delegate a command of two seconds to one host', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-delegate-'));
  let lab: Lab;
  let player: Player;

  beforeAll(async () => {
    const many = MANY.map((name) => ({ name, layer: 'busybox' }));
    lab = await upLab({ name: `many-${process.pid}`.slice(0, 16), hosts: [{ name: 'one' }, ...many] });
    player = new Player(lab);
    // As sshd is after an installation, but for root's key.
    await lab.exec('one', "sed -i '/^MaxStartups/d' /etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh");
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are done in under four seconds with -f 20', async () => {
    const file = join(folder, 'play.yml');
    writeFileSync(
      file,
      `- hosts: all:!one
  gather_facts: false
  tasks:
    - name: Work
      shell: sleep 2; uname -n
      delegate_to: one
`,
    );
    const took: number[] = [];
    // Each time from the first connection on; a machine that is busy otherwise gets another chance.
    for (let tries = 0; tries < 3 && !took.some((time) => time < 4000); tries++) {
      const played = await player.play([file, '-f', '20']);
      expect(played.rc, played.text).toBe(0);
      expect(played.text).not.toContain('Warning');
      const works = executions(played.events).filter(({ name }) => name === 'Work');
      expect(works.map(({ host }) => host).sort()).toEqual([...MANY].sort());
      expect(new Set(works.map(({ result }) => result.data['stdout']))).toEqual(new Set(['one']));
      const began = Math.min(...works.map(({ outcome }) => Date.parse(outcome.started)));
      took.push(Math.max(...works.map(({ outcome }) => Date.parse(outcome.ended))) - began);
    }
    console.log(`20 delegated commands of 2 s took ${took.map((time) => `${time / 1000} s`).join(', ')}`);
    expect(Math.min(...took)).toBeLessThan(4000);
  });
});

// Playbooks in the manner of those that many people use, on bare hosts: roles for a web server with its sites, a cache whose
// packaged settings are edited, a database asked by commands, accounts and a service; a deployment by git, with links between
// releases. Foretold, played, and played again.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareDigests } from './digest.ts';
import { type Lab, upLab } from './lab.ts';
import { agreement, busier, changed, executions, type Played, Player } from './playing.ts';
import { makeRepository } from './repository.ts';
import { onRealHosts, thorough } from './suite.ts';

interface Subject {
  readonly title: string;
  readonly playbook: string;
  readonly hosts: readonly string[];
  readonly pool: readonly string[];
  /** Tasks that are foretold as certain: the packages are at hand, and what they bring is read, not guessed. */
  readonly certain: readonly string[];
}

const subjects: readonly Subject[] = [
  {
    title: 'roles of the popular kind',
    playbook: 'popular/play.yml',
    hosts: ['web', 'cache', 'sql', 'account'],
    pool: ['nginx-light', 'redis-server', 'postgresql-15', 'logrotate'],
    certain: [
      'web : Write the site',
      'web : Enable the site',
      'web : The server runs, now and after a restart of the host',
      'cache : Change settings in place',
      'cache : The server runs',
      'sql : The database runs and starts with the host',
      'account : Make settings of their shells',
      'account : It runs and starts with the host',
    ],
  },
  {
    title: 'a deployment by git',
    playbook: 'deploy/play.yml',
    hosts: ['app'],
    pool: ['git', 'unzip'],
    certain: ['Install what is needed', 'Make the folders', 'Put the user into another group'],
  },
];

/** What goes on asking until it is answered. */
const WAITING = 'The server answers';

for (const { title, playbook, hosts, pool, certain } of thorough ? subjects : subjects.slice(0, 1)) {
  onRealHosts(title, () => {
    let lab: Lab;
    let player: Player;
    let disturbed: readonly (readonly string[])[];
    let dry: Played;
    let real: Played;
    let again: Played;

    beforeAll(async () => {
      const wishes = hosts.map((name) => ({ name }));
      lab = await upLab({ name: `${hosts[0]}-${process.pid}`.slice(0, 16), hosts: wishes, pool });
      await makeRepository(join(lab.share, 'app.git'));
      player = new Player(lab);
      const file = join(import.meta.dirname, 'playbooks', playbook);
      const before = await Promise.all(hosts.map((host) => lab.digest(host)));
      dry = await player.play([file, '--check']);
      const after = await Promise.all(hosts.map((host) => lab.digest(host)));
      disturbed = hosts.map((_, at) => compareDigests(before[at]!, after[at]!));
      real = await player.play([file]);
      again = await player.play([file]);
    });

    afterAll(async () => {
      await lab?.down();
      player?.close();
    });

    it('the dry run goes through to the end and changes nothing', () => {
      expect(dry.rc, dry.text).toBe(0);
      expect(disturbed).toEqual(hosts.map(() => []));
    });

    it('the real run succeeds, and the dry run foretold each of its changes', () => {
      expect(real.rc, real.text).toBe(0);
      const { share, told } = agreement(dry, real);
      expect(share, told).toBe(1);
    });

    it.each(certain)('%s is foretold as certain', (task) => {
      const told = executions(dry.events).filter(({ name, result }) => name === task && result.status !== 'skipped');
      expect(told).not.toEqual([]);
      expect(told.filter(({ result }) => result.certainty !== 'certain')).toEqual([]);
    });

    it('the second run changes nothing, at one round trip a task at most', () => {
      expect(again.rc, again.text).toBe(0);
      expect([...changed(again.events)]).toEqual([]);
      expect(busier(again.events, 1).filter((line) => !line.includes(WAITING))).toEqual([]);
    });
  });
}

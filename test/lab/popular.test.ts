// Roles in the manner of those that many people use, on bare hosts: a web server with its sites, a cache whose packaged settings
// are edited, a database asked by commands, accounts and a service. Foretold, played, and played again.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareDigests } from './digest.ts';
import { type Lab, upLab } from './lab.ts';
import { agreement, busier, changed, executions, type Played, Player } from './playing.ts';
import { onRealHosts } from './suite.ts';

const playbook = join(import.meta.dirname, 'playbooks/popular/play.yml');
const HOSTS = ['web', 'cache', 'sql', 'account'];

onRealHosts('roles of the popular kind', () => {
  let lab: Lab;
  let player: Player;
  let disturbed: readonly (readonly string[])[];
  let dry: Played;
  let real: Played;
  let again: Played;

  beforeAll(async () => {
    const pool = ['nginx-light', 'redis-server', 'postgresql-15', 'logrotate'];
    const hosts = HOSTS.map((name) => ({ name }));
    lab = await upLab({ name: `roles-${process.pid}`.slice(0, 16), hosts, pool });
    player = new Player(lab);
    const before = await Promise.all(HOSTS.map((host) => lab.digest(host)));
    dry = await player.play([playbook, '--check']);
    const after = await Promise.all(HOSTS.map((host) => lab.digest(host)));
    disturbed = HOSTS.map((_, at) => compareDigests(before[at]!, after[at]!));
    real = await player.play([playbook]);
    again = await player.play([playbook]);
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
  });

  it('the dry run goes through to the end and changes nothing', () => {
    expect(dry.rc, dry.text).toBe(0);
    expect(disturbed).toEqual(HOSTS.map(() => []));
  });

  it('the real run succeeds, and the dry run foretold each of its changes', () => {
    expect(real.rc, real.text).toBe(0);
    const { share, told } = agreement(dry, real);
    expect(share, told).toBe(1);
  });

  // The packages are at hand: what they bring is read, not guessed.
  it.each([
    'web : Write the site',
    'web : Enable the site',
    'web : The server runs, now and after a restart of the host',
    'cache : Change settings in place',
    'cache : The server runs',
    'sql : The database runs and starts with the host',
    'account : Make settings of their shells',
    'account : It runs and starts with the host',
  ])('%s is foretold as certain', (task) => {
    const told = executions(dry.events).filter(({ name, result }) => name === task && result.status !== 'skipped');
    expect(told).not.toEqual([]);
    expect(told.filter(({ result }) => result.certainty !== 'certain')).toEqual([]);
  });

  it('the second run changes nothing, at one round trip a task at most', () => {
    expect(again.rc, again.text).toBe(0);
    expect([...changed(again.events)]).toEqual([]);
    expect(busier(again.events, 1).filter((line) => !line.includes('The server answers'))).toEqual([]);
  });
});

// A dry run that cannot see a mistake is worth nothing. Each case plants one in a small playbook for a bare host, where earlier
// tasks would first have to make what the later one needs: the dry run must not call the wrong task certainly right.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './command.ts';
import { type Lab, upLab } from './lab.ts';
import { executions, type Played, Player, type Told } from './playing.ts';
import { makeRepository } from './repository.ts';
import { onRealHosts, thorough } from './suite.ts';

/** The name of the task with the mistake in every case. */
const WRONG = 'The wrong one';

interface Mistake {
  readonly what: string;
  /** What the dry run is to say of the wrong task: that it fails, or how little its outcome is sure. */
  readonly says: 'failed' | 'foreseen' | 'unknown';
  /** The tasks, in YAML. */
  readonly tasks: string;
  /** What the real run says when it fails. */
  readonly why: RegExp;
}

const mistakes: readonly Mistake[] = [
  {
    what: 'a unit that the package does not have',
    says: 'failed',
    why: /Could not find the requested service chronyy/,
    tasks: `
    - apt: {name: chrony, state: present}
    - name: ${WRONG}
      service: {name: chronyy, state: started, enabled: true}`,
  },
  {
    what: 'a unit other than the one that was written',
    says: 'failed',
    why: /Could not find the requested service ap/,
    tasks: `
    - copy: {content: "[Service]\\nExecStart=/bin/sleep 1000\\n", dest: /etc/systemd/system/app.service}
    - name: ${WRONG}
      systemd: {name: ap, state: started, daemon_reload: true}`,
  },
  {
    what: 'an owner that nobody creates',
    says: 'failed',
    why: /failed to look up user zstak/,
    tasks: `
    - user: {name: zstack, system: true}
    - name: ${WRONG}
      file: {path: /srv/app, state: directory, owner: zstak}`,
  },
  {
    what: 'an owner that the package does not make',
    says: 'failed',
    why: /failed to look up user _chronyd/,
    tasks: `
    - apt: {name: chrony, state: present}
    - name: ${WRONG}
      file: {path: /srv/app, state: directory, owner: _chronyd}`,
  },
  {
    what: 'a group that nobody creates',
    says: 'failed',
    why: /[Gg]roup stafff does not exist/,
    tasks: `
    - group: {name: staffs}
    - name: ${WRONG}
      user: {name: zstack, groups: [stafff]}`,
  },
  {
    what: 'a template for a folder that nobody makes',
    says: 'failed',
    why: /does not exist/,
    tasks: `
    - file: {path: /etc/app, state: directory}
    - name: ${WRONG}
      template: {src: app.conf.j2, dest: /etc/apps/app.conf}`,
  },
  {
    what: 'a copy into a folder that the package does not bring',
    says: 'failed',
    why: /does not exist/,
    tasks: `
    - apt: {name: chrony, state: present}
    - name: ${WRONG}
      copy: {content: "pool x\\n", dest: /etc/chrony/sources.dd/site.sources}`,
  },
  {
    what: 'a file that the controller does not have',
    says: 'failed',
    why: /Could not find or access 'app.cnf'/,
    tasks: `
    - name: ${WRONG}
      copy: {src: app.cnf, dest: /etc/app.conf}`,
  },
  {
    what: 'a line in a file that nobody writes',
    says: 'failed',
    why: /does not exist/,
    tasks: `
    - copy: {content: "a=1\\n", dest: /etc/app.conf}
    - name: ${WRONG}
      lineinfile: {path: /etc/app.cnf, line: b=2}`,
  },
  {
    what: 'a package that is nowhere',
    says: 'failed',
    why: /No package matching 'cronyy' is available/,
    tasks: `
    - name: ${WRONG}
      apt: {name: cronyy, state: present}`,
  },
  {
    what: 'a user to become that nobody creates',
    says: 'failed',
    why: /zstak/,
    tasks: `
    - user: {name: zstack}
    - name: ${WRONG}
      copy: {content: x, dest: /tmp/x}
      become: true
      become_user: zstak`,
  },
  {
    what: 'a login that the database does not know',
    says: 'foreseen',
    why: /Access denied for user 'rot'/,
    tasks: `
    - apt: {name: mariadb-server, state: present}
    - service: {name: mariadb, state: started}
    - name: ${WRONG}
      community.mysql.mysql_db: {name: app, state: present, login_user: rot, login_password: guessed}`,
  },
  {
    what: 'a vhost that the message bus does not have',
    says: 'foreseen',
    why: /virtual_host|vhost|does not exist|no_such/i,
    tasks: `
    - apt: {name: rabbitmq-server, state: present}
    - service: {name: rabbitmq-server, state: started}
    - rabbitmqctl: {verb: add_user, user: zstack, password: secret}
    - name: ${WRONG}
      rabbitmqctl: {verb: set_permissions, user: zstack, vhost: /zstak, configure: .*, write: .*, read: .*}`,
  },
  {
    what: 'a program that the package does not have',
    says: 'foreseen',
    why: /Error executing command/,
    tasks: `
    - apt: {name: chrony, state: present}
    - name: ${WRONG}
      command: /usr/bin/cronyc tracking`,
  },
  {
    what: 'a program that the package does not have, to be run once',
    says: 'foreseen',
    why: /Error executing command/,
    tasks: `
    - apt: {name: chrony, state: present}
    - name: ${WRONG}
      command: {cmd: /usr/bin/cronyc makestep, creates: /srv/stepped}`,
  },
  {
    what: 'a version that the repository does not have',
    says: 'foreseen',
    why: /v0.71/,
    tasks: `
    - apt: {name: git, state: present}
    - name: ${WRONG}
      git: {repo: /srv/lab/app.git, dest: /srv/app, version: v0.71}`,
  },
  {
    what: 'an archive for a folder that nobody makes',
    says: 'failed',
    why: /must be an existing dir/,
    tasks: `
    - file: {path: /opt/app, state: directory}
    - name: ${WRONG}
      unarchive: {src: app.tgz, dest: /opt/ap}`,
  },
];

onRealHosts('planted mistakes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-mistakes-'));
  let lab: Lab;
  let player: Player;
  let dry: Played;

  beforeAll(async () => {
    const pool = ['chrony', 'mariadb-server', 'rabbitmq-server', 'git'];
    lab = await upLab({ name: `wrong-${process.pid}`.slice(0, 16), hosts: [{ name: 'bare' }], pool });
    player = new Player(lab);
    writeFileSync(join(folder, 'app.conf.j2'), 'on {{ inventory_hostname }}\n');
    await run(['tar', '-C', folder, '-czf', join(folder, 'app.tgz'), 'app.conf.j2']);
    await makeRepository(join(lab.share, 'app.git'));
    dry = await play(mistakes, '--check');
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const aliasOf = (mistake: Mistake): string => `case${mistakes.indexOf(mistake)}`;

  /** Plays each case under a name of its own for the one host: what is foretold for one is not seen by the others. */
  const play = (cases: readonly Mistake[], ...words: readonly string[]): Promise<Played> => {
    const [file, inventory] = [join(folder, 'play.yml'), join(folder, 'cases.ini')];
    // A play whose hosts have all failed would be the last one.
    const head = 'gather_facts: false\n  ignore_errors: true';
    const plays = cases.map((one) => `- hosts: ${aliasOf(one)}\n  ${head}\n  tasks:${one.tasks}\n`);
    const { address } = lab.hosts()[0]!;
    writeFileSync(file, plays.join(''));
    writeFileSync(inventory, `[lab]\n${cases.map((one) => `${aliasOf(one)} ansible_host=${address}\n`).join('')}`);
    return player.play(['-i', inventory, file, ...words]);
  };
  const wrongOf = (played: Played, mistake: Mistake): Told => {
    const told = executions(played.events).filter(({ host }) => host === aliasOf(mistake));
    const wrong = told.find(({ name }) => name === WRONG);
    expect(wrong, played.text).toBeDefined();
    return wrong!;
  };

  test.each(mistakes)('$what: $says', (mistake) => {
    const { result } = wrongOf(dry, mistake);
    expect(result.status === 'failed' ? 'failed' : result.certainty, dry.text).toBe(mistake.says);
  });

  // What is planted must be a mistake, or nothing was proved.
  const played = thorough ? mistakes : [];
  test.each(played)('$what: the real run fails', async (mistake) => {
    await lab.reset();
    const real = await play([mistake]);
    expect(wrongOf(real, mistake).result.status, real.text).toBe('failed');
    expect(real.text).toMatch(mistake.why);
  });
});

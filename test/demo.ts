// `make demo`: the main job before your eyes. As root on Linux a whole ZStack site on four real hosts: foretold on the bare hosts,
// played, played again. Elsewhere the dry run of it against this machine, which changes nothing.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError, run } from './lab/command.ts';
import { type Lab, openLab, upLab } from './lab/lab.ts';
import { remove } from './lab/paths.ts';
import { agreement, changed, executions, type Played, readEvents } from './lab/playing.ts';
import { sitePackages } from './lab/pool.ts';
import { labNames } from './lab/state.ts';
import { obstacle } from './lab/tools.ts';
import { buildStandIn, standInTomcat } from './zstack/package.ts';

// This file is run from dist/test.
const top = join(import.meta.dirname, '../..');
const site = join(top, 'playbooks/zstack/site.yml');
const labName = 'demo';

const headline = (text: string): void => console.log(`\n=== ${text}\n`);
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

type Watched = Pick<Played, 'rc' | 'events'>;

async function onRealHosts(): Promise<void> {
  headline('Four bare hosts');
  if (labNames().includes(labName)) {
    console.log('taking down the hosts of an earlier demo');
    await openLab(labName).down();
  }
  const began = Date.now();
  const hosts = ['db', 'mq', 'mn1', 'mn2'].map((name) => ({ name }));
  const tell = (line: string): void => console.log(line);
  const lab = await upLab({ name: labName, hosts, pool: sitePackages, keep: true, tell });
  for (const { name, address } of lab.hosts())
    console.log(`${name.padEnd(4)} ${address}  Debian, systemd, sshd; no Python`);
  console.log(`up in ${seconds(began)}`);
  const archive = await buildStandIn(join(lab.share, 'package'));
  const argv = [...inventories(lab), '-e', `zstack_package=${archive.path}`, site];

  headline('1. The dry run: what would change, from bare hosts to a running site');
  const dry = await play(lab, [...argv, '--check']);
  headline('2. The real run');
  const real = await play(lab, argv);
  headline('3. Once more: nothing is left to change');
  const again = await play(lab, argv);

  headline('What stands now');
  await describeSite(lab);
  console.log(`
look at it:     make lab ARGS="--name ${labName} exec mn1 'systemctl status zstack-server'"
                make lab ARGS="--name ${labName} exec mn2 'tail /usr/local/zstack/apache-tomcat/logs/management-server.log'"
play it again:  make lab ARGS="--name ${labName} run bin/troupe playbook ${argv.map(short).join(' ')}"
take it down:   make lab ARGS="--name ${labName} down"`);
  headline('How true the dry run was');
  const { foretold, made, both } = agreement(dry, real);
  console.log(`foretold on bare hosts:   ${foretold} changes (${certainties(dry)})
made by the real run:     ${made} changes, ${both === made ? 'all' : both} of them foretold
left for the second run:  ${changed(again.events).size} changes`);
  if (dry.rc + real.rc + again.rc !== 0 || changed(again.events).size > 0)
    throw new LabError('the demo did not end as it should: see above');
}

/** How sure a dry run was of the changes that it foretold. */
function certainties(dry: Watched): string {
  const foretold = changed(dry.events);
  const told = executions(dry.events).filter(({ key }) => foretold.has(key));
  return (['certain', 'foreseen', 'unknown'] as const)
    .map((certainty) => `${told.filter(({ result }) => result.certainty === certainty).length} ${certainty}`)
    .join(', ');
}

/** The lab's addresses and keys, and the groups of a site. */
function inventories(lab: Lab): readonly string[] {
  return ['-i', lab.inventory(), '-i', join(top, 'inventories/lab')];
}

const short = (word: string): string => (word.startsWith(`${top}/`) ? word.slice(top.length + 1) : word);

async function describeSite(lab: Lab): Promise<void> {
  const query = 'SELECT hostName, state, heartBeat FROM zstack.ManagementNodeVO ORDER BY hostName';
  console.log('management nodes, as the database has them:');
  console.log((await lab.exec('db', `mysql -N -e "${query}"`, { tolerate: true })).stdout);
  console.log('users of the message bus:');
  console.log((await lab.exec('mq', 'rabbitmqctl -q list_users', { tolerate: true })).stdout);
}

/** Plays on real hosts, from inside their network. */
function play(lab: Lab, argv: readonly string[]): Promise<Watched> {
  return watch(argv, ['ip', 'netns', 'exec', lab.namespace]);
}

/** Plays before everybody's eyes, and gives the run's events. */
async function watch(argv: readonly string[], within: readonly string[] = []): Promise<Watched> {
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'troupe-watched-'));
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, '');
  const words = [...within, process.execPath, join(import.meta.dirname, 'lab/player.js'), file, ...argv];
  try {
    const rc = await new Promise<number>((resolve, reject) => {
      const child = spawn(words[0]!, words.slice(1), { cwd: top, stdio: ['ignore', 'inherit', 'inherit'] });
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    });
    console.log(`(${seconds(began)})`);
    return { rc, events: readEvents(file) };
  } finally {
    remove(folder);
  }
}

/** Without root or Linux: everything that needs no second host and no right to change anything. */
async function onThisMachine(reason: string): Promise<void> {
  headline('A dry run against this machine');
  console.log(`Left out, since ${reason}: the four real hosts, the real run on them and the second run.
What follows changes nothing: the pre-check, then the whole site in check mode, over the local connection.`);
  const folder = mkdtempSync(join(tmpdir(), 'troupe-demo-'));
  try {
    const inventory = join(folder, 'inventory');
    mkdirSync(inventory);
    writeFileSync(join(inventory, 'hosts.ini'), localHosts(await emptyPackage(folder)));
    // What this machine is need not be what a ZStack host must be; without root nothing is asked of sudo either.
    const checks = ['root', 'os', 'cpus', 'virt', 'memory', 'hostname', 'ports'];
    const lenient = {
      zstack_precheck_policy: Object.fromEntries(checks.map((check) => [check, 'warn'])),
      ...(process.getuid?.() === 0 ? {} : { ansible_become: false }),
    };
    const argv = ['-i', inventory, '-e', JSON.stringify(lenient)];
    headline('1. The pre-check');
    const check = await watch([...argv, join(top, 'playbooks/zstack/precheck.yml'), '--check']);
    headline('2. The site, in check mode');
    const dry = await watch([...argv, site, '--check']);
    console.log(
      `\nA real run would make ${changed(dry.events).size} changes here (${certainties(dry)}). Nothing was changed.`,
    );
    if (check.rc + dry.rc > 0)
      console.log('This machine is no supported target in every respect: the messages above say why.');
    if (reason !== asked)
      console.log('To see it all: `sudo make demo` on Debian or Ubuntu; it names what it installs.');
  } finally {
    remove(folder);
  }
}

/** A package with the right names and nothing in them: enough for a dry run, and made by tar alone. */
async function emptyPackage(folder: string): Promise<string> {
  const names = ['VERSION', `${standInTomcat}.zip`, 'zstack.war'];
  for (const name of names) writeFileSync(join(folder, name), '');
  await run(['tar', '-C', folder, '-czf', join(folder, 'package.tgz'), ...names]);
  return join(folder, 'package.tgz');
}

function localHosts(archive: string): string {
  const groups = ['zstack_database', 'zstack_rabbitmq', 'zstack_management'];
  return `${groups.map((group) => `[${group}]\nthis\n`).join('\n')}
[all:vars]
ansible_connection=local
ansible_host=127.0.0.1
zstack_package=${archive}
zstack_tomcat_name=${standInTomcat}
zstack_db_password=only-foretold
zstack_rabbitmq_password=only-foretold
`;
}

const asked = '--local was given';
const reason = process.argv.includes('--local') ? asked : obstacle();
try {
  await (reason === undefined ? onRealHosts() : onThisMachine(reason));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
}

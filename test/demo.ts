// `make demo`: the main job before your eyes. As root on Linux a whole ZStack site on four real hosts: foretold on the bare hosts,
// played, played again. Elsewhere the dry run of it against this machine, which changes nothing.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabError, run } from './lab/command.ts';
import { type Lab, openLab, upLab } from './lab/lab.ts';
import { remove } from './lab/paths.ts';
import { sitePackages } from './lab/pool.ts';
import { labNames } from './lab/state.ts';
import { obstacle } from './lab/tools.ts';
import { buildStandIn, standInTomcat } from './zstack/package.ts';

// This file is run from dist/test.
const top = join(import.meta.dirname, '../..');
const troupe = [process.execPath, join(top, 'bin/troupe'), 'playbook'];
const site = join(top, 'playbooks/zstack/site.yml');
const labName = 'demo';

const headline = (text: string): void => console.log(`\n=== ${text}\n`);
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** What a run left in its recap: the sum of its `changed=` and of its `failed=` and `unreachable=`. */
interface Recap {
  readonly changed: number;
  readonly bad: number;
}

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
  const isRight = dry.bad + real.bad + again.bad === 0 && again.changed === 0;
  console.log(
    `\ndry run: ${dry.changed} changes foretold; real run: ${real.changed} changes; second run: ${again.changed} changes`,
  );
  if (!isRight) throw new LabError('the demo did not end as it should: see above');
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
function play(lab: Lab, argv: readonly string[]): Promise<Recap> {
  return watch(['ip', 'netns', 'exec', lab.namespace, ...troupe, ...argv]);
}

/** Runs a command with its output passed on, and reads the recap from it. */
async function watch(argv: readonly string[]): Promise<Recap> {
  const began = Date.now();
  const text = await new Promise<string>((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { cwd: top, stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      chunks.push(chunk);
    });
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
  console.log(`(${seconds(began)})`);
  const recap = text.slice(text.lastIndexOf('PLAY RECAP'));
  const sum = (pattern: RegExp): number => [...recap.matchAll(pattern)].reduce((total, [, n]) => total + Number(n), 0);
  if (!text.includes('PLAY RECAP')) return { changed: 0, bad: 1 };
  return { changed: sum(/\bchanged=(\d+)/g), bad: sum(/\bfailed=(\d+)/g) + sum(/\bunreachable=(\d+)/g) };
}

/** Without root or Linux: everything that needs no second host and no right to change anything. */
async function onThisMachine(reason: string): Promise<void> {
  headline('Dry run against this machine');
  console.log(`left out: the real hosts, the real run and the second run, for ${reason}`);
  console.log(
    'what follows changes nothing: the pre-check, then the whole site in check mode, over the local connection',
  );
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
    const check = await watch([...troupe, ...argv, join(top, 'playbooks/zstack/precheck.yml'), '--check']);
    headline('2. The site, in check mode');
    const dry = await watch([...troupe, ...argv, site, '--check']);
    console.log(`\nwould change here: ${dry.changed} tasks; nothing was changed`);
    if (check.bad + dry.bad > 0)
      console.log('this machine is no supported target in every respect: the messages above say why');
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

const reason = process.argv.includes('--local') ? '--local was given' : obstacle();
try {
  await (reason === undefined ? onRealHosts() : onThisMachine(reason));
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(`demo: ${error.message}`);
  process.exitCode = 1;
}

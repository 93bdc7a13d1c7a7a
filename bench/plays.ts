// Plays, side by side with Ansible: `make bench`. Both run the same playbooks on the same host, an sshd that is started
// here on a loopback port; one after the other, several times; medians count. ANSIBLE_PLAYBOOK names another Ansible than
// the system's. ARGS: --quick, and words that choose rows.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { SSHD, startSshd } from '../test/connection/sshd.ts';
import { install } from './install.ts';
import { type Sides, type Workload, writeWorkloads } from './plays/workloads.ts';
import { machine, median, publish, short, TOP, table } from './table.ts';

interface Figure {
  readonly status: number;
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  /** MB of the largest process. */
  readonly memory: number;
}

const words = process.argv.slice(2);
const quick = words.includes('--quick');
const wanted = words.filter((word) => !word.startsWith('--'));
const ANSIBLE = process.env['ANSIBLE_PLAYBOOK'] ?? 'ansible-playbook';
const TROUPE = [join(TOP, 'bin/troupe'), 'playbook'];
const tasks = quick ? { ours: 200, theirs: 5 } : { ours: 400, theirs: 20 };

install('ansible-core', ANSIBLE);
install('openssh-server', 'test', ['-x', SSHD]);
const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
const sshd = await startSshd();
try {
  mkdirSync(join(folder, 'home'));
  mkdirSync(join(folder, 'remote'));
  writeFileSync(
    join(folder, 'hosts'),
    `h1 ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=${userInfo().username} ansible_ssh_private_key_file=${sshd.clientKey} ansible_ssh_common_args="-F none -o UserKnownHostsFile=${sshd.knownHosts}" ansible_python_interpreter=/usr/bin/python3\n`,
  );
  const rows = writeWorkloads(folder, join(folder, 'remote'), tasks);
  const chosen = rows.filter(
    ({ name }) =>
      wanted.length === 0 ||
      wanted.some((word) => name.includes(word)) ||
      rows.some((row) => row.base === name && wanted.some((word) => row.name.includes(word))),
  );
  const figures = new Map(chosen.map((row) => [row.name, measure(row)]));
  const text = `${version()}, pipelining on; ${machine()}. Medians; CPU time is the controller's, memory that of the largest process; rows of a task or item are what one more costs, start-up taken off.

${table(
  [
    'what',
    'Ansible ms',
    'troupe ms',
    'ratio',
    'Ansible CPU ms',
    'troupe CPU ms',
    'ratio of CPU',
    'Ansible MB',
    'troupe MB',
  ],
  chosen.map((row) => cells(row, figures)),
)}`;
  if (wanted.length === 0) publish('Plays', text);
  else console.log(text);
} finally {
  leaveMasters(join(folder, 'cp'));
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Ends the ssh connections that Ansible left open for a later run. */
function leaveMasters(sockets: string): void {
  for (const name of existsSync(sockets) ? readdirSync(sockets) : [])
    spawnSync('ssh', ['-O', 'exit', '-o', `ControlPath=${join(sockets, name)}`, 'h1'], { stdio: 'ignore' });
}

/** Both sides in turn, as often as the row deserves. */
function measure(row: Workload): { ours: Figure[]; theirs: Figure[] } {
  const found: { ours: Figure[]; theirs: Figure[] } = { ours: [], theirs: [] };
  if (row.settled) run(TROUPE, row, 'ours');
  for (let round = 0; round < (quick || row.long ? 1 : 3); round += 1) {
    found.ours.push(run(TROUPE, row, 'ours'));
    found.theirs.push(run([ANSIBLE], row, 'theirs'));
  }
  return found;
}

function run(program: readonly string[], { name, play, inventory }: Workload, side: keyof Sides<string>): Figure {
  const log = join(folder, 'log');
  const from = { host: join(folder, 'hosts'), local: 'localhost,', many: join(folder, 'many/hosts') }[inventory];
  const args =
    play === undefined ? ['--version'] : ['-i', from, ...(inventory === 'many' ? ['-f', '50'] : []), play[side]];
  const { stdout } = spawnSync('/usr/bin/python3', [join(TOP, 'bench/measure.py'), log, ...program, ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: join(folder, 'home'),
      LC_ALL: 'C.UTF-8',
      ANSIBLE_PIPELINING: '1',
      ANSIBLE_NOCOLOR: '1',
      // Short: the path of a socket has little room.
      ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, 'cp'),
    },
  });
  const figure = JSON.parse(stdout) as Figure;
  if (figure.status !== 0) {
    console.error(`${name}: ${program.join(' ')} failed with ${figure.status}`);
    spawnSync('tail', ['-20', log], { stdio: ['ignore', 2, 2] });
    process.exitCode = 1;
  }
  return figure;
}

/** What a row costs on a side, in milliseconds a unit. */
function cost(
  row: Workload,
  figures: ReadonlyMap<string, { ours: Figure[]; theirs: Figure[] }>,
  side: keyof Sides<number>,
  what: 'wall' | 'cpu',
): number {
  const of = (name: string): number => median((figures.get(name)?.[side] ?? []).map((figure) => figure[what]));
  const base = row.base === undefined ? 0 : of(row.base);
  return ((of(row.name) - base) * 1000) / (row.units?.[side] ?? 1);
}

function cells(row: Workload, figures: ReadonlyMap<string, { ours: Figure[]; theirs: Figure[] }>): string[] {
  const [wallT, wallO] = [cost(row, figures, 'theirs', 'wall'), cost(row, figures, 'ours', 'wall')];
  const [cpuT, cpuO] = [cost(row, figures, 'theirs', 'cpu'), cost(row, figures, 'ours', 'cpu')];
  const memory = (side: 'ours' | 'theirs'): string =>
    median((figures.get(row.name)?.[side] ?? []).map((each) => each.memory)).toFixed(0);
  const name = row.units === undefined || row.units.ours === 1 ? row.name : `${row.name}, per ${row.units.name}`;
  return [
    name,
    short(wallT),
    short(wallO),
    ratio(wallT, wallO),
    short(cpuT),
    short(cpuO),
    ratio(cpuT, cpuO),
    memory('theirs'),
    memory('ours'),
  ];
}

/** A difference that drowned in noise has no ratio. */
function ratio(theirs: number, ours: number): string {
  return ours > 0 && theirs > 0 ? `${short(theirs / ours)}x` : '-';
}

function version(): string {
  return spawnSync(ANSIBLE, ['--version'], { encoding: 'utf8' })
    .stdout.split('\n')[0]!
    .replace(/^ansible-playbook /, 'ansible ');
}

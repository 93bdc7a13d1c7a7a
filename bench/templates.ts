// Templates, side by side with Jinja2's own native environment: `make bench-templates`. Each side runs alone in a process
// of its own, one after the other, several times; medians count. ARGS: --quick, and names of groups or cases.

import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { install } from './install.ts';
import { machine, median, publish, short, TOP, table } from './table.ts';
import { CASES } from './templates/cases.ts';
import type { Figure, Order } from './templates/ours.ts';
import type { ScopeFigure } from './templates/scopes.ts';

const words = process.argv.slice(2);
const quick = words.includes('--quick');
const wanted = words.filter((word) => !word.startsWith('--'));
const cases = CASES.filter(
  ({ name, group }) => wanted.length === 0 || wanted.some((word) => name.includes(word) || group.includes(word)),
);
const OURS = [process.execPath, `${TOP}/dist/bench/templates/ours.js`];
const THEIRS = ['/usr/bin/python3', `${TOP}/bench/templates/jinja.py`];

install('python3-jinja2', '/usr/bin/python3', ['-c', 'import jinja2']);
compare();
const runs: { ours: Figure[]; theirs: Figure[] }[] = [];
const order = { warm: 150, round: 50, rounds: quick ? 3 : 7 };
for (let run = 0; run < (quick ? 1 : 3); run += 1)
  runs.push({ ours: figures(OURS, order), theirs: figures(THEIRS, order) });

const measured = cases.map((given, place) => {
  const ours = runs.map((run) => run.ours[place]!);
  const theirs = runs.map((run) => run.theirs[place]!);
  const [wall, cpu] = (['wall', 'cpu'] as const).map((what) => ({
    ours: median(ours.map((each) => each[what])),
    theirs: median(theirs.map((each) => each[what])),
  }));
  return { ...given, wall: wall!, cpu: cpu! };
});
const missed = measured.filter(({ cpu, goal }) => goal !== undefined && cpu.theirs / cpu.ours < goal);

const rows = measured.map(({ group, name, wall, cpu, goal }) => [
  group,
  name,
  short(wall.theirs / 1000),
  short(wall.ours / 1000),
  `${short(wall.theirs / wall.ours)}x`,
  `${short(cpu.theirs / cpu.ours)}x`,
  goal === undefined ? '' : `${goal}x`,
]);
const head = ['group', 'case', 'Jinja2 µs', 'troupe µs', 'ratio', 'ratio, CPU time', 'goal'];
const text = `${version()}; ${machine()}. Microseconds of wall time per source, medians; the ratios are Jinja2 / troupe.

${table(head, rows)}

${missed.length === 0 ? 'Every goal is met.' : `Missed: ${missed.map(({ group, name }) => `${group} (${name})`).join(', ')}.`}`;
if (wanted.length === 0) {
  publish('Templates', text);
  publish('Variables in scope', scopes());
} else console.log(text);

/** One run of a side over all cases. */
function figures([command, ...args]: readonly string[], times: Omit<Order, 'cases'>): Figure[] {
  const { status, stdout } = spawnSync(command!, args, {
    input: JSON.stringify({ cases, ...times }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  return JSON.parse(stdout) as Figure[];
}

/** What ten thousand variables cost that nobody uses: ours alone. */
function scopes(): string {
  const { status, stdout } = spawnSync(process.execPath, [`${TOP}/dist/bench/templates/scopes.js`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) process.exit(1);
  const figures = JSON.parse(stdout) as ScopeFigure[];
  return `An inventory of 1,000 hosts; microseconds of CPU time for one expression, the scope made anew, with one variable in group_vars/all.yml and with 10,001.

${table(
  ['expression', '1 variable', '10,001 variables', 'ratio'],
  figures.map(({ name, few, many }) => [name, short(few), short(many), `${short(many / few)}x`]),
)}`;
}

function version(): string {
  return spawnSync(THEIRS[0]!, [...THEIRS.slice(1), '--version'], { encoding: 'utf8' }).stdout.trim();
}

/** Both sides have to do the same: figures of unlike work would say nothing. */
function compare(): void {
  const once = { warm: 1, round: 1, rounds: 1 };
  const [ours, theirs] = [figures(OURS, once), figures(THEIRS, once)];
  for (const [place, { group, name }] of cases.entries()) {
    const [a, b] = [ours[place]!.answers, theirs[place]!.answers];
    const index = a.findIndex((answer, index) => !isDeepStrictEqual(answer, b[index]));
    if (index < 0) continue;
    console.error(`${group}, ${name}: troupe answers ${show(a[index])}, Jinja2 ${show(b[index])}`);
    process.exitCode = 1;
  }
  if (process.exitCode === 1) process.exit();
}

function show(answer: unknown): string {
  return JSON.stringify(answer)?.slice(0, 300) ?? 'nothing';
}

// The plays that are measured, and the inventory of many hosts. Written into a folder of their own for each run.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Ours and Ansible's: where one more costs little, the difference shows only over many. */
export interface Sides<T> {
  readonly ours: T;
  readonly theirs: T;
}

/** One row of the table. */
export interface Workload {
  readonly name: string;
  /** The playbook of each side; undefined for `--version`. */
  readonly play: Sides<string> | undefined;
  readonly inventory: 'host' | 'local' | 'many';
  /** The row whose time is taken off: what every run costs before the first task of interest. */
  readonly base?: string;
  /** By how many units of this name the rest is divided. */
  readonly units?: Sides<number> & { readonly name: string };
  /** Is it played once before it is measured, so that nothing changes? */
  readonly settled?: boolean;
  /** Measured once, since it takes long. */
  readonly long?: boolean;
}

const HOSTS = 1000;

function play(hosts: string, tasks: readonly string[], more = ''): string {
  return `- hosts: ${hosts}\n  gather_facts: false\n${more}  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;
}

function times(count: number, task: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => task(n));
}

const UNITS = (count: number, name: string) => ({ ours: count, theirs: count, name });

/** Writes the playbooks, and gives the rows; tasks on the host work in `remote`, `tasks` of them in a play. */
export function writeWorkloads(folder: string, remote: string, tasks: Sides<number>): Workload[] {
  const both = (name: string, text: string): Sides<string> => {
    const file = write(name, text);
    return { ours: file, theirs: file };
  };
  const each = (name: string, make: (count: number) => string): Sides<string> => ({
    ours: write(`ours-${name}`, make(tasks.ours)),
    theirs: write(`theirs-${name}`, make(tasks.theirs)),
  });
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const command = 'command: /bin/true\n      changed_when: false';
  write(
    'templates/conf.j2',
    '# {{ n }} on {{ inventory_hostname }}\n{% for each in servers %}server {{ loop.index }} {{ each | upper }}\n{% endfor %}',
  );
  write('lines', times(200, (n) => `key${n}=value${n}\n`).join(''));
  const unchanged: [string, (n: number) => string][] = [
    ['copy', (n) => `copy: {content: "file ${n}\\n", dest: ${remote}/copy${n}, mode: '0644'}`],
    ['template', (n) => `template: {src: conf.j2, dest: ${remote}/template${n}, mode: '0644'}\n      vars: {n: ${n}}`],
    ['lineinfile', (n) => `lineinfile: {path: ${remote}/lines, regexp: '^key${n}=', line: 'key${n}=value${n}'}`],
    ['file', (n) => `file: {path: ${remote}/folder${n}, state: directory, mode: '0755'}`],
  ];
  writeMany(write);
  const servers = '  vars: {servers: [alpha, beta, gamma, delta]}\n';
  return [
    { name: '`--version`', play: undefined, inventory: 'local' },
    {
      name: 'a play of one task on this machine',
      play: both('local.yml', play('localhost', [command], '  connection: local\n')),
      inventory: 'local',
    },
    { name: 'a play of one task over ssh', play: both('one.yml', play('h1', [command])), inventory: 'host' },
    {
      name: '`command: /bin/true`, each further one',
      play: each('command.yml', (count) =>
        play(
          'h1',
          times(count + 1, () => command),
        ),
      ),
      inventory: 'host',
      base: 'a play of one task over ssh',
      units: { ...tasks, name: 'task' },
    },
    ...unchanged.map(([module, task]): Workload => {
      const seed =
        module === 'lineinfile' ? [`copy: {src: ${join(folder, 'lines')}, dest: ${remote}/lines}`] : [command];
      return {
        name: `\`${module}\`, unchanged`,
        play: each(`${module}.yml`, (count) => play('h1', [...seed, ...times(count, task)], servers)),
        inventory: 'host',
        base: 'a play of one task over ssh',
        units: { ...tasks, name: 'task' },
        settled: true,
      };
    }),
    {
      name: 'facts of one host',
      play: both('facts.yml', play('h1', ['setup:', command])),
      inventory: 'host',
      base: 'a play of one task over ssh',
      units: UNITS(1, 'host'),
    },
    {
      name: 'a loop of 1,000 `debug` items',
      play: both(
        'loop.yml',
        play(
          'localhost',
          [
            command,
            'debug: {msg: "item {{ item }} is {{ (item | int) % 3 }}"}\n      loop: "{{ range(1000) | list }}"',
          ],
          '  connection: local\n',
        ),
      ),
      inventory: 'local',
      base: 'a play of one task on this machine',
      units: UNITS(1000, 'item'),
    },
    {
      name: '1,000 hosts x 2 tasks, 200 group variables each',
      play: both(
        'many.yml',
        play('all', [
          'debug: {msg: "{{ inventory_hostname }} {{ all_050 }} {{ nested.a.b }}"}',
          'debug: {msg: "{{ group_050.port }} {{ group_names | join(\',\') }}"}',
        ]),
      ),
      inventory: 'many',
      units: UNITS(2 * HOSTS, 'host-task'),
      long: true,
    },
  ];
}

function writeMany(write: (name: string, text: string) => string): void {
  const groups = 10;
  const lines = times(groups, (g) =>
    [`[g${g}]`, ...times(HOSTS / groups, (n) => `node${g}${String(n).padStart(3, '0')} index=${n}`), ''].join('\n'),
  );
  write('many/hosts', `${lines.join('\n')}\n[all:vars]\nansible_connection=local\n`);
  const all = times(100, (n) => `all_${String(n).padStart(3, '0')}: "value ${n} {{ base }}"\n`).join('');
  write('many/group_vars/all.yml', `${all}base: base\nnested: {a: {b: "{{ all_001 }}"}}\n`);
  for (let g = 0; g < groups; g += 1) {
    const own = times(
      100,
      (n) => `group_${String(n).padStart(3, '0')}: {name: n${n}, port: ${8000 + n}, tags: [x, g${g}]}\n`,
    );
    write(`many/group_vars/g${g}.yml`, own.join(''));
  }
}

// What variables cost that nobody uses: the same expressions over an inventory whose group_vars hold one variable, and ten
// thousand. Prints microseconds of CPU time, as JSON.

import { Template, type Value } from '../../engine/model/value.ts';
import type { Context } from '../../engine/template/contract.ts';
import { createTemplar } from '../../engine/template/templar.ts';
import { NO_SERVICES } from '../../test/template/services.ts';
import { stage } from '../../test/variables/stage.ts';
import { median } from '../table.ts';

const HOSTS = 1000;

/** Microseconds of an expression, by how many variables are around. */
export interface ScopeFigure {
  readonly name: string;
  readonly few: number;
  readonly many: number;
}

const EXPRESSIONS: readonly (readonly [name: string, source: string, uses: number])[] = [
  ['a variable of group_vars', '{{ wanted }}', 1],
  ['a magic variable', '{{ inventory_hostname }}', 1],
  ['`hostvars` of one host', "{{ hostvars['node0500'].wanted }}", 1],
  ['`hostvars` of 1,000 hosts, each', "{{ groups.all | map('extract', hostvars, 'wanted') | list | length }}", HOSTS],
];

const [few, many] = [await measure(0), await measure(10_000)];
console.log(
  JSON.stringify(EXPRESSIONS.map(([name], place): ScopeFigure => ({ name, few: few[place]!, many: many[place]! }))),
);

async function measure(others: number): Promise<number[]> {
  const hosts = Array.from({ length: HOSTS }, (_, n) => `node${String(n).padStart(4, '0')}\n`).join('');
  const unused = Array.from({ length: others }, (_, n) => `other_${n}: {port: ${n}, name: "x{{ wanted }}"}\n`).join('');
  const set = await stage({
    'inv/hosts': hosts,
    'inv/group_vars/all.yml': `wanted: value\n${unused}`,
    'book/play.yml': '- hosts: all\n  tasks:\n    - debug:\n',
  });
  try {
    const [play] = set.plays;
    const names = set.inventory.hosts().map((host) => host.name);
    set.variables.setPlay({ play: play!, hosts: names, batch: names, remaining: names, prompted: new Map() });
    const templar = createTemplar({
      typing: 'modern',
      trimBlocks: true,
      allowBrokenConditionals: true,
      allowEmbeddedTemplates: true,
      errorOnUndefined: true,
      extensions: [],
    });
    return EXPRESSIONS.map(([, source, uses]) => {
      const template = new Template(source);
      const once = (): Value => {
        const context: Context = {
          scope: set.variables.scope({ host: 'node0001', play }),
          searchPath: [],
          basedir: '/',
          services: NO_SERVICES,
          warn: () => {},
        };
        return templar.render(template, context);
      };
      return spent(once, Math.ceil(2000 / uses)) / uses;
    });
  } finally {
    set.remove();
  }
}

/** Microseconds of CPU time of one call, the median of several rounds; what is read once is read before. */
function spent(once: () => Value, count: number): number {
  for (let n = 0; n < count; n += 1) once();
  const rounds = Array.from({ length: 7 }, () => {
    const before = process.cpuUsage();
    for (let n = 0; n < count; n += 1) once();
    const used = process.cpuUsage(before);
    return (used.user + used.system) / count;
  });
  return median(rounds);
}

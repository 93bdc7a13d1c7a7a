// What both engines are measured on: the same sources, the same variables. Only filters and tests of Jinja2 itself, since
// the other side is Jinja2 without Ansible.

import type { Json, JsonObject } from '../../engine/model/value.ts';

/**
 * How the sources are used. `render`: compiled once, rendered again and again. `condition`: likewise, as `when` has them.
 * `distinct`: each compiled and rendered once, in a new environment. `file`: like render, as the text of a file.
 */
export type Use = 'render' | 'condition' | 'distinct' | 'file';

export interface Case {
  readonly name: string;
  readonly group: string;
  readonly use: Use;
  readonly sources: readonly string[];
  readonly vars: JsonObject;
  /** The least ratio of CPU time, theirs / ours, that is asked for. */
  readonly goal?: number;
}

const USERS = Array.from({ length: 30 }, (_, index) => ({
  name: `user${(index * 7) % 30}`,
  uid: index * 10,
  group: `g${index % 3}`,
  shell: index % 4 === 0 ? '/bin/sh' : '/bin/bash',
}));

const SERVERS = Array.from({ length: 200 }, (_, index) => ({
  name: `server${index}`,
  port: 8000 + index,
  weight: index % 7,
  backup: index % 5 === 0,
  tags: [`zone${index % 4}`, `rack${index % 9}`],
}));

const VARS: JsonObject = {
  name: 'Some name',
  host: 'db1.example.org',
  port: 3306,
  path: 'var/lib/data',
  count: 17,
  enabled: true,
  state: 'present',
  user: { name: 'alice', home: '/home/alice', groups: ['adm', 'wheel'], limits: { soft: 1024, hard: 4096 } },
  packages: ['nginx', 'curl', 'git', 'vim'],
  numbers: Array.from({ length: 50 }, (_, index) => (index * 37) % 50),
  users: USERS,
  os_family: 'Debian',
  version: 12,
  result: { rc: 0, changed: false, stdout: 'active running', stdout_lines: ['active', 'running'] },
};

const SMALL = {
  'a name': '{{ name }}',
  'an attribute': '{{ user.home }}',
  'two levels deep': '{{ user.limits.soft }}',
  'text around': 'jdbc:mysql://{{ host }}:{{ port }}/{{ path }}',
  'an item': "{{ packages[0] }}-{{ user['name'] }}",
  arithmetic: '{{ (port + 1) * 2 - count // 3 }}',
  concatenation: "{{ host ~ ':' ~ port ~ '/' ~ path }}",
  'inline if': "{{ 'on' if enabled and count > 3 else 'off' }}",
  'a list and a dict': "{{ {'name': name, 'ports': [port, port + 1]} }}",
  'a method': "{{ name.upper().split(' ') }}",
};

const CHAINS = {
  text: "{{ name | upper | lower | title | replace('Some', 'Any') | trim }}",
  defaults: "{{ nothing_of_that_name | default('x') | upper | length }}",
  numbers: '{{ numbers | sort | unique | list | sum }}',
  'select and map': "{{ numbers | select('odd') | map('string') | join(';') }}",
  selectattr: "{{ users | selectattr('uid', 'gt', 100) | map(attribute='name') | map('upper') | sort | join(',') }}",
  rejectattr: "{{ users | rejectattr('shell', 'equalto', '/bin/sh') | map(attribute='uid') | max }}",
  groupby: "{{ users | groupby('group') | map(attribute='grouper') | join(' ') }}",
  'sort by attribute': "{{ (users | sort(attribute='name', reverse=true) | first).uid }}",
  dictsort: "{{ user.limits | dictsort | map('first') | join('-') }}",
  batch: '{{ numbers | batch(7) | list | length }}',
  'int and round': "{{ ('42' | int + (3.14159 | round(2))) | round(1) }}",
};

const CONDITIONS = [
  'enabled',
  "os_family == 'Debian' and version >= 11",
  "result.rc == 0 and 'running' in result.stdout",
  'nothing_of_that_name is not defined',
  "state in ['present', 'latest'] and not result.changed",
  "(count | int) > 3 or name == 'other'",
  'users | length > 10',
];

const LARGE = `# made for {{ name }} on {{ host }}
{% macro line(server, index) -%}
server {{ index }} {{ server.name | upper }} {{ host }}:{{ server.port }} weight={{ (index * server.weight) % 7 }}{% if server.backup %} backup{% endif %}
{%- endmacro %}
upstream all {
{% for server in servers %}
{% if server.weight > 0 %}
  {{ line(server, loop.index) }}
{% else %}
  # {{ server.name }} is out{{ '.' if loop.last else ',' }}
{% endif %}
{% for tag in server.tags if tag != 'zone3' %}
  tag {{ tag }}{{ ';' if not loop.last }}
{% endfor %}
{% endfor %}
}
{% set total = servers | map(attribute='weight') | sum %}
total {{ total }} of {{ servers | length }}
`;

/** Thousands of expressions as a large site has them: no two are the same. */
function distinct(count: number): string[] {
  const shapes: ((n: number) => string)[] = [
    (n) => `{{ user.name }}-${n}`,
    (n) => `{{ port + ${n} }}`,
    (n) => `{{ packages | join('${n}') }}`,
    (n) => `/srv/app${n}/{{ path }}/{{ name | lower | replace(' ', '_') }}`,
    (n) => `{{ 'a${n}' if count > ${n} else host }}`,
    (n) => `{{ users | selectattr('uid', 'gt', ${n}) | map(attribute='name') | list | length }}`,
    (n) => `{{ nothing_${n} | default(user.limits.soft + ${n}) }}`,
    (n) => `{% if count == ${n} %}{{ host }}{% else %}no${n}{% endif %}`,
  ];
  return Array.from({ length: count }, (_, n) => shapes[n % shapes.length]!(n));
}

/** The same variables and ten thousand others, none of which is used. */
const CROWDED: JsonObject = {
  ...VARS,
  ...Object.fromEntries(
    Array.from({ length: 10_000 }, (_, n): [string, Json] => [`other_${n}`, { port: n, tags: ['x', 'y'] }]),
  ),
};

function cases(group: string, named: Readonly<Record<string, string>>, goal: number): Case[] {
  return Object.entries(named).map(([name, source]) => ({
    name,
    group,
    use: 'render',
    sources: [source],
    vars: VARS,
    goal,
  }));
}

export const CASES: readonly Case[] = [
  ...cases('small expressions', SMALL, 3),
  ...cases('filter chains', CHAINS, 1),
  {
    name: '4,000 expressions, each compiled and rendered once',
    group: 'distinct expressions',
    use: 'distinct',
    sources: distinct(4000),
    vars: VARS,
    goal: 5,
  },
  {
    name: 'seven conditions as `when` has them',
    group: 'conditions',
    use: 'condition',
    sources: CONDITIONS,
    vars: VARS,
  },
  {
    name: 'a file of 200 servers: loops, conditions, a macro',
    group: 'a large template',
    use: 'file',
    sources: [LARGE],
    vars: { ...VARS, servers: SERVERS },
  },
  {
    name: '10,000 variables in scope, one used',
    group: 'many variables',
    use: 'render',
    sources: [SMALL['an attribute']],
    vars: CROWDED,
  },
];

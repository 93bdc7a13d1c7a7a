// Whole sources, in real folders: what each format says, and what is told when one cannot be read.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type InventoryOptions, loadInventory } from '../../engine/inventory/load.ts';
import type { Inventory } from '../../engine/model/inventory.ts';
import { toJson, type Value } from '../../engine/model/value.ts';
import { parseDocument } from '../../engine/parse/yaml.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    if (text.startsWith('#!')) chmodSync(path, 0o755);
  }
  return folder;
}

async function load(
  files: Readonly<Record<string, string>>,
  sources: readonly string[],
  options: Partial<InventoryOptions> = {},
): Promise<{ inventory: Inventory; warned: string[]; folder: string }> {
  const folder = folderWith(files);
  const warned: string[] = [];
  const inventory = await loadInventory(
    sources.map((source) => (source.includes(',') ? source : join(folder, source))),
    {
      parseYaml: (text, file) => parseDocument(text, file, { warn: () => undefined }),
      warn: (message) => warned.push(message.replaceAll(folder, '')),
      ...options,
    },
  );
  return { inventory, warned, folder };
}

const shape = (inventory: Inventory): Record<string, { children?: string[]; hosts?: string[] }> =>
  Object.fromEntries(
    inventory.groups().map((group) => [
      group.name,
      {
        ...(group.children.size > 0 ? { children: [...group.children] } : {}),
        ...(group.hosts.size > 0 ? { hosts: [...group.hosts] } : {}),
      },
    ]),
  );
const varsOf = (inventory: Inventory, host: string): unknown =>
  toJson(
    new Map<Value, Value>([
      ...inventory.groupsOf(host).flatMap((group) => [...group.vars]),
      ...inventory.host(host)!.vars,
    ]),
  );

test('ini: hosts, ranges, groups of groups, variables by their types', async () => {
  const { inventory, warned } = await load(
    {
      hosts: `# comment
lone ansible_host=1.2.3.4 x="1" y='"1"' z=yes s='a b' e= h=a#b i=never
[web]
web[01:02] v=1
; another
[db]
d1 s="it's {{ x }}" a='x=y' # trailing
[db:vars]
a=1
b = "quoted"
c=some text # comment
[top:children]
web
db # those
[top:vars]
t=[1, 'a']
[empty]
[web-1]
w1:2222
`,
    },
    ['hosts'],
  );
  expect(warned).toEqual(['Invalid characters were found in group names but not replaced, use -vvvv to see details']);
  expect(shape(inventory)).toEqual({
    all: { children: ['ungrouped', 'top', 'empty', 'web-1'] },
    ungrouped: { hosts: ['lone'] },
    web: { hosts: ['web01', 'web02'] },
    db: { hosts: ['d1'] },
    top: { children: ['web', 'db'] },
    empty: {},
    'web-1': { hosts: ['w1'] },
  });
  expect(inventory.hosts().map((host) => host.name)).toEqual(['lone', 'w1', 'web01', 'web02', 'd1']);
  expect(varsOf(inventory, 'lone')).toEqual({
    ansible_host: '1.2.3.4',
    x: 1,
    y: '1',
    z: 'yes',
    s: 'a b',
    e: '',
    h: 'a',
  });
  expect(varsOf(inventory, 'd1')).toEqual({
    t: [1, 'a'],
    a: 'x=y',
    b: 'quoted',
    c: 'some text # comment',
    s: "it's {{ x }}",
  });
  expect(varsOf(inventory, 'w1')).toEqual({ ansible_port: 2222 });
});

test('yaml: groups within groups, ranges, variables', async () => {
  const { inventory, warned } = await load(
    {
      'h.yml': `all:
  hosts:
    h1: {a: 1}
    h[2:3]:
  vars: {v: "{{ x }}"}
  children:
    g1:
      hosts: {h1: , g1h: }
      children:
        g2: {hosts: h4}
    g3:
  foo: 1
other: {hosts: {h9: }}
`,
    },
    ['h.yml'],
  );
  expect(shape(inventory)).toEqual({
    all: { children: ['ungrouped', 'g1', 'g3', 'other'] },
    ungrouped: { hosts: ['h2', 'h3'] },
    g1: { children: ['g2'], hosts: ['h1', 'g1h'] },
    g2: { hosts: ['h4'] },
    g3: {},
    other: { hosts: ['h9'] },
  });
  expect(varsOf(inventory, 'h1')).toEqual({ v: '{{ x }}', a: 1 });
  expect(warned).toEqual([
    'Skipping unexpected key "foo" in group "all", only "vars", "children" and "hosts" are valid',
  ]);
});

const SCRIPT = (json: unknown): string => `#!/bin/sh
case $1 in --list) echo '${JSON.stringify(json)}';; --host) echo '{"asked": "'$2'"}';; esac
`;

test('scripts: _meta, or one call a host', async () => {
  const { inventory } = await load(
    {
      'meta.sh': SCRIPT({
        g: { hosts: ['s1'], vars: { a: '{{ x }}' }, children: ['k'] },
        k: ['s2'],
        _meta: { hostvars: { s1: { b: 1 } } },
      }),
      'plain.sh': SCRIPT({ p: { hosts: ['s3'] } }),
    },
    ['meta.sh', 'plain.sh'],
  );
  expect(varsOf(inventory, 's1')).toEqual({ a: '{{ x }}', b: 1 });
  expect(varsOf(inventory, 's2')).toEqual({ a: '{{ x }}' });
  expect(varsOf(inventory, 's3')).toEqual({ asked: 's3' });
  expect(inventory.hostsOf('g')).toEqual(['s1', 's2']);
});

test('a list of names, and several sources, the later over the earlier', async () => {
  const { inventory, folder } = await load({ a: 'h1 x=1\n[g]\nh2\n', b: 'h1 x=2 y=1\nh2\n[g:vars]\nz=1\n' }, [
    'a',
    'b',
    'n1,n2:22,c[1:2],',
  ]);
  expect(varsOf(inventory, 'h1')).toEqual({ x: 2, y: 1 });
  expect(varsOf(inventory, 'h2')).toEqual({ z: 1 });
  expect(varsOf(inventory, 'n2')).toEqual({ ansible_port: 22 });
  expect(shape(inventory)['ungrouped']).toEqual({ hosts: ['h1', 'n1', 'n2', 'c[1:2]'] });
  expect(inventory.sourceOf('h2')).toBe(join(folder, 'a'));
  expect(inventory.sourceOf('n1')).toBe('n1,n2:22,c[1:2],');
});

test('a folder: by name, without vars folders, hidden files and ignored endings', async () => {
  const { inventory } = await load(
    {
      'd/10-a': 'a\n',
      'd/20-b.ini': 'b\n',
      'd/sub/w': 'w\n',
      'd/.hidden': 'x1\n',
      'd/c.cfg': 'x2\n',
      'd/x.bak': 'x3\n',
      'd/j.json': '{"all": {"hosts": {"j": {}}}}',
      'd/group_vars/all': 'x4: 1\n',
      'd/host_vars/x5': 'x: 1\n',
      'd/skip.me': 'x6\n',
    },
    ['d'],
    { ignorePatterns: ['^skip'] },
  );
  expect(inventory.hosts().map((host) => host.name)).toEqual(['a', 'b', 'w', 'j']);
});

test.each([
  ['[a:children]\nb\n', "undefined group 'b'"],
  ['[a:vars]\nx=1\n', "Section [a:vars] not valid for undefined group 'a'."],
  ['[a:foo]\nb\n', 'Section [a:foo] has unknown type: foo'],
  ['[g : vars]\nx=1\n', "Invalid section entry: '[g : vars]'."],
  ['h x\n', 'Expected key=value host variable assignment, got: x'],
  ['h "x=1\n', "Error parsing host definition 'h \"x=1': No closing quotation"],
  ['[a]\n[a:vars]\nx\n', 'Expected key=value, got: x'],
  ['[a]\n[a:children]\na\n', "can't add group to itself"],
  ['[a:children]\nb\n[b:children]\na\n', "Adding group 'a' as child to 'b' creates a recursive dependency loop."],
  ['[b]\n[a:children]\nb x=1\n', 'Expected group name, got: b x=1'],
  ['[a]\nh[a:5]\n', 'must begin and end with'],
])('%j is told and passed over', async (text, message) => {
  const { warned } = await load({ bad: text, good: 'h\n' }, ['bad', 'good'], { plugins: ['ini'] });
  expect(warned[0]).toContain("Failed to parse inventory with 'ini' plugin");
  expect(warned[0]).toContain(message);
  expect(warned[1]).toBe('Unable to parse /bad as an inventory source');
});

test('every plugin that failed says why', async () => {
  const { warned } = await load({ 'bad.sh': '#!/bin/sh\necho oops >&2; exit 3\n', 'p.yml': 'plugin: foo\n' }, [
    'bad.sh',
    'p.yml',
    'nope',
  ]);
  expect(warned).toEqual([
    "Failed to parse inventory with 'script' plugin: Inventory script returned non-zero exit code 3. Standard error from inventory script: oops",
    "Failed to parse inventory with 'ini' plugin: Expected key=value host variable assignment, got: oops",
    'Unable to parse /bad.sh as an inventory source',
    "Failed to parse inventory with 'auto' plugin: inventory config '/p.yml' specifies unknown plugin 'foo'",
    "Failed to parse inventory with 'yaml' plugin: Plugin configuration YAML file, not YAML inventory",
    "Failed to parse inventory with 'ini' plugin: Invalid host pattern 'plugin:' supplied, ending in ':' is not allowed, this character is reserved to provide a port.",
    'Unable to parse /p.yml as an inventory source',
    'Unable to parse /nope as an inventory source',
    'No inventory was parsed, only implicit localhost is available',
    "provided hosts list is empty, only localhost is available. Note that the implicit localhost does not match 'all'",
  ]);
});

test('settings make unreadable sources fatal, or silence the warnings', async () => {
  await expect(load({}, ['nope'], { unparsedIsFailed: true })).rejects.toThrow('No inventory was parsed');
  await expect(load({ a: 'h\n' }, ['a', 'nope'], { anyUnparsedIsFailed: true })).rejects.toThrow(
    'Completely failed to parse inventory source',
  );
  const { warned } = await load({}, [], { localhostWarning: false, unparsedWarning: false });
  expect(warned).toEqual([]);
});

test('an empty file is an inventory without hosts', async () => {
  const { warned } = await load({ empty: '' }, ['empty'], { localhostWarning: false });
  expect(warned).toEqual([]);
});

test('further formats read what `plugin:` names', async () => {
  const { inventory } = await load({ 'x.yml': 'plugin: mine\nhost: h\n' }, ['x.yml'], {
    formats: new Map([['mine', (config, file, store) => void store.host(String(config.get('host')), file)]]),
  });
  expect(inventory.hosts().map((host) => host.name)).toEqual(['h']);
});

test('groups apply by depth, then priority, then name', async () => {
  const { inventory } = await load(
    {
      hosts: '[b]\nh\n[a]\nh\n[top:children]\na\n[c]\nh\n[b:vars]\nansible_group_priority=10\n[z]\nh\n',
    },
    ['hosts'],
  );
  expect(inventory.groupsOf('h').map((group) => group.name)).toEqual(['all', 'c', 'top', 'z', 'b', 'a']);
  expect(inventory.group('b')!.vars.size).toBe(0);
});

test('add_host and group_by change membership; refresh reads the sources again', async () => {
  const { inventory } = await load({ hosts: 'h\n[g]\nk\n' }, ['hosts']);
  expect(inventory.addHost('new', ['g', 'n'], new Map([['x', 1]]))).toBe(true);
  expect(inventory.addHost('new', ['g', 'n'], new Map([['x', 1]]))).toBe(false);
  expect(inventory.hostsOf('g')).toEqual(['k', 'new']);
  expect(inventory.addToGroup('h', 'by', ['above'])).toBe(true);
  expect(inventory.addToGroup('h', 'by', ['above'])).toBe(false);
  expect(inventory.groupsOf('h').map((group) => group.name)).toEqual(['all', 'above', 'by']);
  expect(inventory.match('ungrouped')).toEqual([]);
  await inventory.refresh();
  expect(inventory.hosts().map((host) => host.name)).toEqual(['h', 'k']);
});

test('localhost is there without being in any group', async () => {
  const { inventory } = await load({ hosts: 'h\n' }, ['hosts']);
  expect(inventory.match('localhost')).toEqual(['localhost']);
  expect(inventory.match('all')).toEqual(['h']);
  expect(inventory.host('localhost')).toMatchObject({ implicit: true });
  expect(toJson(inventory.host('127.0.0.1')!.vars)).toEqual({ ansible_connection: 'local' });
  expect(inventory.host('other')).toBeUndefined();
});

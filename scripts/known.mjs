#!/usr/bin/env node
// Writes engine/program/known.json: the names of all modules that an installed Ansible knows, and where old names lead.
// Names only; run it where Ansible is installed: node scripts/known.mjs [folder of its commands]

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = process.argv[2];
const doc = folder === undefined ? 'ansible-doc' : join(folder, 'ansible-doc');
const buffer = { encoding: 'utf8', maxBuffer: 2 ** 28 };
const names = Object.keys(JSON.parse(execFileSync(doc, ['-l', '-t', 'module', '--json'], buffer))).sort();

/** Collections out of which modules have moved, as far as playbooks still name them so. */
const ONCE = [
  'ansible.builtin',
  'community.general',
  'community.network',
  'community.windows',
  'community.aws',
  'ansible.netcommon',
  'google.cloud',
];

// Where a name leads is asked of the command's own Python, which is the one that finds its library.
const launcher = readFileSync(execFileSync('which', [doc], buffer).trim(), 'utf8');
const library = /PYTHONPATH=([^\s:$]+)/.exec(launcher)?.[1];
const asked = `
import json, sys
from ansible.plugins.loader import init_plugin_loader, module_loader
init_plugin_loader([])
names, once = json.load(sys.stdin)
known, leads = set(names), {}
for collection in once:
    for short in sorted({name.rsplit('.', 1)[1] for name in names}):
        name = f'{collection}.{short}'
        if name in known: continue
        try: found = module_loader.find_plugin_with_context(name, mod_type='.py', ignore_deprecated=True)
        except Exception: continue
        if found.resolved: leads[name] = found.resolved_fqcn
json.dump(leads, sys.stdout)`;
const leads = JSON.parse(
  execFileSync('/usr/bin/python3', ['-c', asked], {
    ...buffer,
    input: JSON.stringify([names, ONCE]),
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...(library === undefined ? {} : { PYTHONPATH: library }) },
  }),
);

const cut = (name) => [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.') + 1)];
const add = (table, key, short) => {
  table[key] = table[key] === undefined ? short : `${table[key]} ${short}`;
};
const modules = {};
const moved = {};
// Names that are carried out under another one's documentation.
const renamed = { 'ansible.builtin.yum': 'ansible.builtin.dnf' };
for (const name of names) add(modules, ...cut(name));
for (const [name, full] of Object.entries(leads)) {
  const [[from, short], [to, other]] = [cut(name), cut(full)];
  if (short !== other) renamed[name] = full;
  else {
    moved[from] ??= {};
    add(moved[from], to, short);
  }
}
const file = fileURLToPath(new URL('../engine/program/known.json', import.meta.url));
writeFileSync(file, `${JSON.stringify({ modules, moved, renamed }, undefined, 2)}\n`);
console.log(`${file}: ${names.length} modules, ${Object.keys(leads).length} names that lead elsewhere`);

#!/usr/bin/env node
// Begins a module: writes modules/NAME.ts and test/cases/NAME.yml, and nothing else. Both run from the start: the module
// keeps a marker file, as a model of question, plan and cases.

import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [name, collection = 'troupe.builtin'] = process.argv.slice(2);

function refuse(message) {
  console.error(`${message}\nusage: scripts/new-module.mjs NAME [COLLECTION]`);
  process.exit(2);
}

if (name === undefined || !/^[a-z][a-z0-9_]*$/.test(name))
  refuse('A module is named as in YAML: lower case, digits, underscores.');
if (!/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(collection)) refuse(`'${collection}' is no collection: namespace.name`);

const module = new URL(`../modules/${name}.ts`, import.meta.url);
const cases = new URL(`../test/cases/${name}.yml`, import.meta.url);
for (const file of [module, cases]) if (existsSync(file)) refuse(`${fileURLToPath(file)} is there already`);

writeFileSync(
  module,
  `// Says in two or three lines why this module exists.

import { defineModule } from '../engine/module/contract.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { askEdited, editedFile, planEdited } from './shared/editing.ts';

export default defineModule({
  doc: {
    collection: '${collection}',
    summary: 'Keeps a marker in a file.',
    examples: \`- name: Mark it
  ${name}:
    path: /etc/marker
    text: done
\`,
    returns: { msg: 'What was done.' },
  },
  schema: {
    path: { type: 'path', required: true, doc: 'The file.' },
    text: { type: 'str', required: true, doc: 'What it holds.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one.' },
    ...FILE_ARGS,
  },
  inspect: (args) => askEdited(args),
  plan(args, seen, site) {
    const file = editedFile(seen);
    const text = \`\${args.text}\\n\`;
    return planEdited(file, { text, msg: text === file.text ? '' : 'marked' }, args, seen, site.diff);
  },
});
`,
);
writeFileSync(
  cases,
  `- name: marks
  args: {path: /etc/marker, text: done}
  answers: [{look: [{key: path, path: /etc/marker, type: file, content: ''}]}]
  puts: [{put: /etc/marker, content: "done\\n"}]
  data: {msg: marked}
- name: is content
  args: {path: /etc/marker, text: done}
  answers: [{look: [{key: path, path: /etc/marker, type: file, content: "done\\n"}]}]
  converged: true
`,
);
console.log(
  `modules/${name}.ts and test/cases/${name}.yml are there; scripts/modules.mjs takes the module into the index.`,
);

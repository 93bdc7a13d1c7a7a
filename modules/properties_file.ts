// Java .properties files: keys set and removed in place.

import type { Json } from '../engine/model/value.ts';
import { defineModule, ModuleFailure, type Plan } from '../engine/module/contract.ts';
import { toText } from '../engine/module/schema.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { askEdited, editedFile, planEdited } from './shared/editing.ts';
import { editProperties, readProperties } from './shared/properties.ts';

export default defineModule({
  doc: {
    collection: 'troupe.builtin',
    summary: 'Keeps keys of a Java properties file.',
    notes: [
      'Order, comments, separators and lines of other keys stay as they are; new keys go to the end.',
      'Values of keys that end in `password` are never shown.',
    ],
    examples: `
- name: Where the database is
  properties_file:
    path: /etc/app/app.properties
    properties:
      DB.url: jdbc:mysql://10.0.0.1:3306
      DB.legacy: null
    lists:
      CloudBus.serverIp: [10.0.0.2, 10.0.0.3]
    mode: "0640"
`,
    returns: { changed_keys: 'Keys that were set.', removed_keys: 'Keys that were removed.' },
  },
  schema: {
    path: { type: 'path', required: true, aliases: ['dest'], doc: 'The file.' },
    properties: { type: 'dict', default: {}, doc: 'Values by key; null removes the key.' },
    lists: {
      type: 'dict',
      default: {},
      doc: 'Lists by prefix: written as prefix.0, prefix.1 ...; higher indexes are removed.',
    },
    create: { type: 'bool', default: true, doc: 'Makes the file when it is missing.' },
    backup: { type: 'bool', default: false, doc: 'Keeps the old file beside the new one.' },
    validate: { type: 'str', doc: 'Command that judges the new file, named %s in it, before it takes its place.' },
    ...FILE_ARGS,
  },
  inspect: (args) => askEdited(args),
  plan(args, seen, site): Plan {
    const file = editedFile(seen);
    if (file.state === undefined && !file.unknown && !args.create)
      throw new ModuleFailure(`${file.path} does not exist`);
    const properties = nullable(args.properties);
    const lists = new Map(Object.entries(args.lists).map(([prefix, items]) => [prefix, itemsOf(prefix, items)]));
    const edit = editProperties(file.text, { properties, lists });
    const count = edit.changed.length + edit.removed.length;
    const shown = { ...file, text: hidden(file.text) };
    const plan = planEdited(
      file,
      {
        text: edit.text,
        msg: count === 0 ? '' : `${edit.changed.length} set, ${edit.removed.length} removed`,
        data: { changed_keys: [...edit.changed], removed_keys: [...edit.removed] },
      },
      args,
      seen,
      false,
    );
    if (!site.diff || plan.actions.length === 0) return plan;
    const header = `${file.path} (content)`;
    return {
      ...plan,
      diffs: [{ before: shown.text, after: hidden(edit.text), beforeHeader: header, afterHeader: header }],
    };
  },
});

function nullable(properties: Record<string, Json>): Map<string, string | null> {
  return new Map(Object.entries(properties).map(([key, value]) => [key, value === null ? null : scalar(key, value)]));
}

/** Java reads text: booleans are written in its own spelling. */
function scalar(key: string, value: Json): string {
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value) || (typeof value === 'object' && value !== null && !('value' in value))) {
    throw new ModuleFailure(`the value of ${key} is no text; give lists in \`lists\``);
  }
  return toText(value);
}

function itemsOf(prefix: string, items: Json): string[] {
  if (!Array.isArray(items)) throw new ModuleFailure(`lists: ${prefix} is no list`);
  return items.map((item) => scalar(prefix, item as Json));
}

/** The text with the values of passwords replaced. */
function hidden(text: string): string {
  const lines = text.split('\n');
  for (const entry of readProperties(text)) {
    if (!/password$/i.test(entry.key)) continue;
    lines[entry.from] = `${entry.head}********`;
    for (let line = entry.from + 1; line <= entry.to; line++) lines[line] = '********';
  }
  return lines.join('\n');
}

// Brings a file's content into a variable.

import { defineModule, ModuleFailure } from '../engine/module/contract.ts';
import { encode } from './shared/bytes.ts';
import { glance, lookQuestion, mustSee } from './shared/look.ts';

/** Files beyond this are refused rather than held in memory. */
const LIMIT = 256 * 1024 * 1024;

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Reads a file of the host, base64 encoded.',
    examples: `- name: What does the host trust?
  slurp:
    src: /etc/ssh/ssh_host_ed25519_key.pub
  register: key

- name: The text of it
  ansible.builtin.debug:
    msg: "{{ key.content | b64decode }}"
`,
    returns: { content: 'The bytes in base64.', encoding: '`base64`.', source: 'The path.' },
  },
  schema: {
    src: { type: 'path', required: true, aliases: ['path'], doc: 'The file.' },
  },
  inspect: ({ src }) => lookQuestion(glance({ key: 'src', path: src, content: LIMIT, follow: true })),
  plan({ src }, seen) {
    const { state, unknown, path } = mustSee(seen, 'src');
    if (unknown) return { kind: 'plan', actions: [], data: { content: '', encoding: 'base64', source: path } };
    if (state === undefined) throw new ModuleFailure(`File not found: ${src}`);
    if (state.type === 'directory') throw new ModuleFailure(`Source is a directory and must be a file: ${src}`);
    if (state.content === undefined) {
      const tooLarge = (state.size ?? 0) > LIMIT;
      throw new ModuleFailure(tooLarge ? `File is too large: ${src}` : `File is not readable: ${src}`);
    }
    const content = Buffer.from(encode(state.content)).toString('base64');
    return { kind: 'plan', actions: [], data: { content, encoding: 'base64', source: path } };
  },
});

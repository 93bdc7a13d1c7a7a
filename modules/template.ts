// Puts a rendered template on the host. The engine renders; from there on it is a file to be placed like any other.

import { defineModule, type LocalFile, ModuleFailure } from '../engine/module/contract.ts';
import { FILE_ARGS } from './shared/attributes.ts';
import { basename } from './shared/path.ts';
import { askPlace, type Placing, planPlace } from './shared/placing.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Renders a template of the controller and puts it on the host.',
    notes: [
      'Templates are looked up in `templates/` beside the role and the playbook.',
      'In them `ansible_managed`, `template_path`, `template_host`, `template_uid` and `template_run_date` can be used.',
    ],
    examples: `- name: Configure the web server
  template:
    src: nginx.conf.j2
    dest: /etc/nginx/nginx.conf
    owner: root
    group: root
    mode: "0644"
    validate: nginx -t -c %s

- name: A script for Windows machines
  ansible.builtin.template:
    src: start.bat.j2
    dest: /srv/share/start.bat
    newline_sequence: '\\r\\n'
    backup: true
`,
    returns: {
      dest: 'Where it is.',
      checksum: 'sha1 of the content.',
      md5sum: 'md5 of the content.',
      backup_file: 'The name of the kept old file, with `backup`.',
      mode: 'Its mode.',
      owner: 'Its owner.',
      group: 'Its group.',
      uid: 'Number of its owner.',
      gid: 'Number of its group.',
      size: 'Bytes.',
      state: '`file`.',
      src: 'The name that the rendered file had on the way.',
    },
  },
  schema: {
    src: { type: 'path', required: true, file: 'templates', doc: 'The template.' },
    dest: { type: 'path', required: true, doc: 'Where it goes; a folder keeps the name of the template.' },
    ...FILE_ARGS,
    mode: { type: 'raw', doc: 'Permissions, octal or symbolic; `preserve` for those of the template file.' },
    backup: { type: 'bool', default: false, doc: 'Keep the old file beside the new one.' },
    force: { type: 'bool', default: true, doc: 'Replace a file that is there and differs.' },
    follow: { type: 'bool', default: false, doc: 'Write what a link leads to instead of replacing the link.' },
    validate: { type: 'str', doc: 'Command that judges the new file, named %s in it, before it takes its place.' },
    block_start_string: { type: 'str', default: '{%', doc: 'What begins a statement.' },
    block_end_string: { type: 'str', default: '%}', doc: 'What ends a statement.' },
    variable_start_string: { type: 'str', default: '{{', doc: 'What begins an expression.' },
    variable_end_string: { type: 'str', default: '}}', doc: 'What ends an expression.' },
    comment_start_string: { type: 'str', doc: 'What begins a comment, `{#`.' },
    comment_end_string: { type: 'str', doc: 'What ends a comment, `#}`.' },
    newline_sequence: {
      type: 'str',
      default: '\n',
      choices: ['\n', '\r', '\r\n', '\\n', '\\r', '\\r\\n'],
      doc: 'What ends a line of the result.',
    },
    trim_blocks: { type: 'bool', default: true, doc: 'Drop the line end after a statement.' },
    lstrip_blocks: { type: 'bool', default: false, doc: 'Drop the blanks before a statement.' },
    output_encoding: { type: 'str', default: 'utf-8', doc: 'Encoding of the result.' },
  },
  inspect: (args, site) => askPlace(placing(args), site),
  plan: (args, seen, site) => planPlace(placing(args), args.src, seen, site, { header: args.src.path }),
});

interface Args extends Omit<Placing['args'], 'mode'> {
  readonly src: { readonly path?: string };
  readonly dest: string;
  readonly mode?: Placing['args']['mode'];
}

function placing(args: Args): Placing {
  const { src } = args;
  const mode = args.mode === 'preserve' ? (src as Partial<LocalFile>).mode : args.mode;
  if (args.mode === 'preserve' && mode === undefined)
    throw new ModuleFailure('mode preserve: the mode of the template file is not known');
  return { dest: args.dest, name: src.path === undefined ? undefined : basename(src.path), args: { ...args, mode } };
}

// rabbitmqctl: RabbitMQ through its own command line. Each verb looks first and acts only on a difference; passwords come
// as files or on stdin, never as words of a command line.

import { defineModule, ModuleFailure } from '../engine/module/contract.ts';
import { lines, sh } from '../engine/module/sh.ts';
import { pingScript, questionScript, RABBIT, readRabbit } from './shared/rabbitmq/inquiry.ts';
import { NEEDS, rabbitSchema } from './shared/rabbitmq/schema.ts';
import { planStartup, planVerb } from './shared/rabbitmq/verbs.ts';
import { serverScript, serverState } from './shared/server.ts';

export default defineModule({
  doc: {
    collection: 'troupe.builtin',
    summary: 'Users, permissions, virtual hosts and policies of RabbitMQ.',
    notes: [
      'Looks before it acts, so that a second run changes nothing.',
      'A dry run plans on a server that an earlier task would install.',
    ],
    examples: `
- name: The site's user
  rabbitmqctl:
    verb: add_user
    user: site
    password: "{{ rabbit_password | default('example') }}"
    tags: [administrator]
- name: May do everything in the default virtual host
  rabbitmqctl:
    verb: set_permissions
    user: site
`,
    returns: {
      users: 'list_users: the users.',
      vhosts: 'list_vhosts: the virtual hosts.',
      permissions: 'list_permissions: the permissions of the virtual host.',
      authenticated: 'authenticate_user: is the password right?',
      stdout: 'What rabbitmqctl said.',
    },
  },
  schema: rabbitSchema,
  inspect(args) {
    const missing = (NEEDS[args.verb] ?? []).filter((name) => args[name] === undefined);
    if (missing.length > 0) throw new ModuleFailure(`rabbitmqctl ${args.verb} needs: ${missing.join(', ')}`);
    return {
      kind: 'question',
      script: lines(
        serverScript(RABBIT),
        sh`if [ -n "$client" ]; then`,
        args.verb === 'await_startup' ? pingScript(args) : questionScript(args),
        sh`fi`,
      ),
      read: (answer) => readRabbit(args, answer),
    };
  },
  plan(args, seen) {
    const { state, error, client } = serverState(RABBIT, seen);
    if (args.verb === 'await_startup') return planStartup(args, seen, state);
    if (state === 'missing') {
      throw new ModuleFailure(
        client ? `RabbitMQ does not answer: ${error}` : 'rabbitmqctl is not installed on this host',
      );
    }
    return planVerb(args, seen, state === 'foreseen');
  },
});

// pause: waits for a time, or for the user's line. Waiting is the executor's; it adds start, stop, delta and user_input.

import { defineControl } from '../engine/module/control.ts';

export default defineControl({
  control: true,
  once: true,
  doc: {
    collection: 'ansible.builtin',
    summary: 'Waits for some time, or until the user presses Enter.',
    examples: `
- name: Let the cluster settle
  pause:
    seconds: 5
- name: Ask before the switch
  pause:
    prompt: Press Enter to switch over
  when: ask | default(false)
`,
    returns: {
      user_input: 'What the user typed.',
      start: 'When it began.',
      stop: 'When it ended.',
      delta: 'Seconds that it took.',
      stdout: 'How long it paused.',
    },
  },
  schema: {
    seconds: { type: 'int', doc: 'Seconds to wait (at least 1).' },
    minutes: { type: 'int', doc: 'Minutes to wait.' },
    prompt: { type: 'str', doc: 'The text to show.' },
    echo: { type: 'bool', default: true, doc: 'Shows what is typed.' },
  },
  rules: { mutuallyExclusive: [['minutes', 'seconds']] },
  decide(args) {
    const timed = args.seconds ?? (args.minutes === undefined ? undefined : args.minutes * 60);
    const seconds = timed === undefined ? undefined : Math.max(timed, 1);
    const shown = seconds === undefined ? undefined : args.minutes === undefined ? seconds : Math.max(args.minutes, 0);
    return {
      data: {
        echo: args.echo,
        rc: 0,
        stderr: '',
        stdout:
          shown === undefined ? '' : `Paused for ${shown}.0 ${args.minutes === undefined ? 'seconds' : 'minutes'}`,
        user_input: '',
      },
      effects: [{ kind: 'pause', seconds, prompt: args.prompt, echo: args.echo }],
    };
  },
});

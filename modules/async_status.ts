// Tells how far a job has come that a task with `async` and `poll: 0` left running.

import type { State } from '../engine/model/resource.ts';
import type { Json, JsonObject } from '../engine/model/value.ts';
import { readAnswer, type Said } from '../engine/module/answer.ts';
import { ABSENT, defineModule, ModuleFailure, type Plan, type Resource, type Site } from '../engine/module/contract.ts';
import { type Script, sh } from '../engine/module/sh.ts';
import { outputText } from './shared/bytes.ts';
import { pathWord } from './shared/path.ts';

export default defineModule({
  doc: {
    collection: 'ansible.builtin',
    summary: 'Tells how far a detached job has come.',
    notes: ['The result is that of the job once it has finished; a job that failed makes the task fail.'],
    examples: `- name: Something long
  command: /usr/local/bin/long_job
  async: 3600
  poll: 0
  register: job

- name: Until it is done
  async_status:
    jid: "{{ job.ansible_job_id }}"
  register: result
  until: result is finished
  retries: 100
  delay: 10

- name: Forget it
  ansible.builtin.async_status:
    jid: "{{ job.ansible_job_id }}"
    mode: cleanup
`,
    returns: {
      ansible_job_id: 'The job.',
      started: 'Has it started?',
      finished: 'Has it finished?',
      results_file: 'Where its state is kept.',
      erased: 'The file that was removed (cleanup).',
      stdout: 'What it printed, once it has finished.',
      stderr: 'What it printed to the error stream, once it has finished.',
    },
  },
  schema: {
    jid: { type: 'str', required: true, doc: 'The job, `ansible_job_id` of the task that started it.' },
    mode: { type: 'str', default: 'status', choices: ['cleanup', 'status'], doc: 'Tell of it, or remove its file.' },
  },
  inspect({ jid }, site) {
    const file = jobFile(jid, site);
    return {
      kind: 'question',
      script: sh`f=${pathWord(file)}; printf '%s\0' "$f"; if [ -f "$f" ]; then cat "$f"; fi`,
      read(answer) {
        const text = outputText(answer.stdout);
        const end = text.indexOf('\0');
        const state = text.slice(end + 1);
        return new Map<Resource, State>([
          [`path:${jid}`, text.slice(0, end)],
          [`job:${jid}`, state === '' ? ABSENT : parse(state)],
        ]);
      },
    };
  },
  plan({ jid, mode }, seen): Plan {
    const state = seen.get(`job:${jid}`);
    const file = String(seen.get(`path:${jid}`) ?? '');
    const known: JsonObject = { ansible_job_id: jid, results_file: file };
    if (state === undefined || state === ABSENT || state === null || typeof state !== 'object') {
      throw new ModuleFailure('could not find job', {
        ...known,
        started: true,
        finished: true,
        stdout: '',
        stderr: '',
      });
    }
    if (mode === 'cleanup') return forget(jid, file, known);
    return report(jid, known, state as JsonObject);
  },
});

function jobFile(jid: string, site: Site): string {
  return `${site.environment['ANSIBLE_ASYNC_DIR'] ?? '~/.ansible_async'}/${jid}`;
}

/** The job's state; a file that is being written counts as a job that has begun. */
function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { started: 1, finished: 0 };
  }
}

function forget(jid: string, file: string, known: JsonObject): Plan {
  const script: Script = sh`rm -f ${file} ${`${file}.pid`}`;
  return {
    kind: 'plan',
    actions: [
      { changes: [], reason: `forgets the job ${jid}`, step: { run: script, failure: `Could not delete ${file}` } },
    ],
    data: { ...known, erased: file, started: false, finished: false, stdout: '', stderr: '' },
  };
}

function report(jid: string, known: JsonObject, state: JsonObject): Plan {
  if (Number(state['finished'] ?? 0) !== 1) {
    return {
      kind: 'plan',
      actions: [],
      data: { stdout: '', stderr: '', ...state, ...known, started: true, finished: false },
    };
  }
  const { answers, planned, ...own } = state;
  if (planned === 'changes' || planned === 'observes') return ofPlanned(planned, { ...own, ...known });
  const result: JsonObject = answers === true ? readAnswer(saidBy(own), undefined) : { ...own, ...streams(own) };
  const data: JsonObject = { ...result, ...known, started: true, finished: true };
  const rc = Number(result['rc'] ?? 0);
  if (result['failed'] === true || rc !== 0) {
    throw new ModuleFailure(String(result['msg'] ?? 'non-zero return code'), data);
  }
  const { failed: _, ...told } = data;
  if (result['changed'] !== true) return { kind: 'plan', actions: [], data: told };
  // What the job changed counts for the task that asks, as in Ansible; nothing is left to do for it.
  const of: Resource = `job:${jid}`;
  return {
    kind: 'plan',
    actions: [
      {
        changes: [{ of, before: { finished: 0 }, after: { finished: 1 } }],
        step: { effect: { kind: 'sleep', seconds: 0 } },
      },
    ],
    data: told,
  };
}

/** A job that is only planned: what it will come to, nobody can say yet. */
function ofPlanned(opaque: 'changes' | 'observes', data: JsonObject): Plan {
  const step = { effect: { kind: 'sleep', seconds: 0 } } as const;
  return { kind: 'plan', actions: [{ changes: [], opaque, step }], data: { ...data, started: true, finished: true } };
}

function saidBy(state: JsonObject): Said {
  return { rc: Number(state['rc'] ?? 0), stdout: String(state['stdout'] ?? ''), stderr: String(state['stderr'] ?? '') };
}

/** Output without the line ends at its end, as commands register it. */
function streams(state: JsonObject): JsonObject {
  const trimmed: Record<string, Json> = {};
  for (const name of ['stdout', 'stderr']) {
    const text = state[name];
    if (typeof text === 'string' && state['cmd'] !== undefined) trimmed[name] = text.replace(/[\r\n]+$/, '');
  }
  return trimmed;
}

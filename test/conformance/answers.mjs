// What is compared of a run: per task and host its status, the keys of its result with their types, and the values that
// do not hang on time or machine; and the counts of the recap. Both engines answer by the `json` callback.

/** Keys of Ansible's own making, or that only one engine can have. */
const PASSED_BY =
  /^(?:_ansible_.*|invocation|exception|warnings|deprecations|action|ansible_no_log|diff|failed_when_suppressed_exception)$/;
/** Values that are the same wherever the playbook runs. */
const VALUES = new Set([
  'rc',
  'stdout',
  'stderr',
  'msg',
  'item',
  'changed',
  'failed',
  'skipped',
  'unreachable',
  'attempts',
  'censored',
  'failed_when_result',
  'skip_reason',
  'skipped_reason',
  'false_condition',
  'ansible_loop_var',
  'index',
  'thing',
  'evaluated_to',
  'assertion',
  'mode',
  'state',
  'size',
  'checksum',
  'cmd',
  'add_host',
  'add_group',
  'finished',
  'started',
  'include',
  'content',
  'encoding',
]);
/** Actions whose result is all value. */
const PURE = new Set(['debug', 'set_fact', 'fail', 'assert', 'ping', 'add_host', 'group_by']);

/** The document of the json callback, made comparable. */
export function answersOf(document, exitCode) {
  return {
    exitCode,
    plays: document.plays.map(({ play, tasks }) => ({
      name: play.name,
      tasks: (/free/.test(play.name) ? byHost : joinedMetas)(tasks)
        // What an include brought in speaks for it.
        .map(({ task, hosts }) => ({
          task,
          hosts: Object.fromEntries(Object.entries(hosts).filter(([, result]) => !isInclude(result))),
        }))
        .filter(({ hosts }) => Object.keys(hosts).length > 0)
        .map(({ task, hosts }) => ({
          name: task.name,
          hosts: Object.fromEntries(
            Object.entries(hosts)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([host, result]) => [
                host,
                { status: statusOf(result), result: shapeOf(result, PURE.has(shortName(result.action))) },
              ]),
          ),
        })),
    })),
    stats: document.stats,
  };
}

/** Where hosts are not in step, only the order of each host's own tasks is the same each time. */
function byHost(tasks) {
  const host = (task) => Object.keys(task.hosts)[0] ?? '';
  return [...tasks].sort((a, b) => (host(a) < host(b) ? -1 : host(a) > host(b) ? 1 : 0));
}

/** The reference gives each host that a meta task skips a task of its own. */
function joinedMetas(tasks) {
  const joined = [];
  for (const task of tasks) {
    const last = joined.at(-1);
    if (/(?:^| : )meta$/.test(task.task.name) && last?.task.name === task.task.name)
      last.hosts = { ...last.hosts, ...task.hosts };
    else joined.push({ ...task });
  }
  return joined;
}

function isInclude(result) {
  if (result.failed || result.skipped) return false;
  const brings = (one) => 'include' in one || 'include_args' in one;
  return brings(result) || (result.results ?? []).some(brings);
}

function shortName(action) {
  return String(action).split('.').at(-1);
}

function statusOf(result) {
  if (result.unreachable) return 'unreachable';
  if (result.failed) return 'failed';
  if (result.skipped) return 'skipped';
  return result.changed ? 'changed' : 'ok';
}

function shapeOf(result, pure) {
  // Nobody can match on what a skipped meta task says: it is never registered.
  if (result.action === 'meta') return {};
  const shape = {};
  for (const key of Object.keys(result).sort()) {
    if (PASSED_BY.test(key)) continue;
    if (key === 'results' && Array.isArray(result.results))
      shape.results = result.results.map((item) => shapeOf(item, pure));
    else if (key === 'failed' && result.failed === false) continue;
    // A failed result may tell that nothing changed, or not speak of it.
    else if (key === 'changed' && result.failed && result.changed === false) continue;
    else if (key === 'msg' && result.unreachable) shape.msg = '<why no connection was made>';
    else if (key === 'msg' && result.failed && typeof result.msg === 'string') shape.msg = reasonOf(result.msg);
    else shape[key] = pure || VALUES.has(key) ? result[key] : typeOf(result[key]);
  }
  return shape;
}

/** The reason at the heart of a message; the words around it are each engine's own. */
function reasonOf(message) {
  return message
    .replace(/^Unexpected AnsibleActionFail error: /, '')
    .replace(/\nSearched in:[\s\S]*?on the Ansible Controller/, ' on the Ansible Controller');
}

function typeOf(value) {
  if (value === null) return '<null>';
  if (Array.isArray(value)) return '<list>';
  return `<${typeof value}>`;
}

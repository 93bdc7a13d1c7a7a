// The keywords of plays, roles, blocks, tasks and handlers: one table from which the parser validates and the executor
// resolves. `field` is the name in the model; `inherit` says how a task comes by a value that an outer level set.

export type Level = 'play' | 'role' | 'block' | 'task' | 'handler';
export type KeywordType = 'any' | 'bool' | 'int' | 'float' | 'string' | 'list' | 'dict' | 'strings';

export interface Keyword {
  readonly name: string;
  readonly field: string;
  readonly levels: readonly Level[];
  readonly type: KeywordType;
  /** `nearest`: the innermost level that has it; `join`: all levels together, outer first; `own`: never inherited. */
  readonly inherit: 'nearest' | 'join' | 'own';
}

const ALL: readonly Level[] = ['play', 'role', 'block', 'task', 'handler'];
const INNER: readonly Level[] = ['role', 'block', 'task', 'handler'];
const TASK: readonly Level[] = ['task', 'handler'];
const BELOW_ROLE: readonly Level[] = ['block', 'task', 'handler'];

function keyword(
  name: string,
  levels: readonly Level[],
  type: KeywordType,
  inherit: Keyword['inherit'] = 'own',
): Keyword {
  return { name, field: name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), levels, type, inherit };
}

/** Mirrors `ansible-doc -t keyword -l` of ansible-core 2.19. */
export const KEYWORDS: readonly Keyword[] = [
  keyword('any_errors_fatal', ALL, 'bool', 'nearest'),
  keyword('become', ALL, 'bool', 'nearest'),
  keyword('become_exe', ALL, 'string', 'nearest'),
  keyword('become_flags', ALL, 'string', 'nearest'),
  keyword('become_method', ALL, 'string', 'nearest'),
  keyword('become_user', ALL, 'string', 'nearest'),
  keyword('check_mode', ALL, 'bool', 'nearest'),
  keyword('collections', ALL, 'list', 'nearest'),
  keyword('connection', ALL, 'string', 'nearest'),
  keyword('debugger', ALL, 'string', 'nearest'),
  keyword('diff', ALL, 'bool', 'nearest'),
  keyword('environment', ALL, 'list', 'join'),
  keyword('ignore_errors', ALL, 'bool', 'nearest'),
  keyword('ignore_unreachable', ALL, 'bool', 'nearest'),
  keyword('module_defaults', ALL, 'list', 'join'),
  keyword('name', ALL, 'string'),
  keyword('no_log', ALL, 'bool', 'nearest'),
  keyword('port', ALL, 'int', 'nearest'),
  keyword('remote_user', ALL, 'string', 'nearest'),
  keyword('run_once', ALL, 'bool', 'nearest'),
  keyword('tags', ALL, 'strings', 'join'),
  keyword('throttle', INNER, 'int', 'nearest'),
  keyword('timeout', INNER, 'int', 'nearest'),
  keyword('vars', ALL, 'dict'),
  keyword('when', INNER, 'list', 'join'),
  keyword('delegate_facts', INNER, 'bool', 'nearest'),
  keyword('delegate_to', INNER, 'string', 'nearest'),
  keyword('notify', BELOW_ROLE, 'list', 'join'),
  keyword('action', TASK, 'any'),
  keyword('args', TASK, 'any'),
  keyword('async', TASK, 'int'),
  keyword('changed_when', TASK, 'list'),
  keyword('delay', TASK, 'float'),
  keyword('failed_when', TASK, 'list'),
  keyword('local_action', TASK, 'any'),
  keyword('loop', TASK, 'any'),
  keyword('loop_control', TASK, 'any'),
  keyword('poll', TASK, 'int'),
  keyword('register', TASK, 'string'),
  keyword('retries', TASK, 'int'),
  keyword('until', TASK, 'list'),
  keyword('listen', ['handler'], 'strings'),
  keyword('block', ['block'], 'list'),
  keyword('rescue', ['block'], 'list'),
  keyword('always', ['block'], 'list'),
  keyword('hosts', ['play'], 'any'),
  keyword('gather_facts', ['play'], 'bool'),
  keyword('gather_subset', ['play'], 'list'),
  keyword('gather_timeout', ['play'], 'int'),
  keyword('fact_path', ['play'], 'string'),
  keyword('force_handlers', ['play'], 'bool'),
  keyword('max_fail_percentage', ['play'], 'float'),
  keyword('order', ['play'], 'string'),
  keyword('serial', ['play'], 'list'),
  keyword('strategy', ['play'], 'string'),
  keyword('vars_files', ['play'], 'any'),
  keyword('vars_prompt', ['play'], 'list'),
  keyword('handlers', ['play'], 'list'),
  keyword('pre_tasks', ['play'], 'list'),
  keyword('post_tasks', ['play'], 'list'),
  keyword('roles', ['play'], 'list'),
  keyword('tasks', ['play'], 'list'),
];

export const KEYWORD_BY_NAME: ReadonlyMap<string, Keyword> = new Map(KEYWORDS.map((entry) => [entry.name, entry]));

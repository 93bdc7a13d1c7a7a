// Handlers: who was notified of what, and which tasks answer to a name.

import type { Located, Node, Play, Task } from '../model/playbook.ts';
import { Template, type Value } from '../model/value.ts';

/** Renders a text of a handler where it was notified; undefined when it cannot be rendered there. */
type Render = (task: Task, value: Value) => string | undefined;

/** The handlers that a play knows and the notifications that wait. */
export class Handlers {
  /** Lists of handlers in the order in which they were loaded, which is the order in which they run. */
  readonly #lists: (readonly Task[])[] = [];
  /** Waiting notifications: handler -> hosts. */
  readonly #waiting = new Map<Task, Set<string>>();

  /** As in Ansible, handlers of `roles:` come before the play's own, those of imported roles behind them. */
  constructor(play: Play) {
    this.addRolesOf(play.roles);
    this.#lists.push(tasksOf(play.handlers));
    for (const nodes of [play.preTasks, play.tasks, play.postTasks]) this.addRolesOf(nodes);
  }

  /** Takes in the handlers of all roles that run within these nodes. */
  addRolesOf(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.kind === 'task') continue;
      if (node.origin === 'role' && node.role !== undefined) this.#lists.push(tasksOf(node.role.handlers));
      for (const within of [node.body, node.rescue, node.always]) this.addRolesOf(within);
    }
  }

  /** Notes that a host notified a name; false when no handler answers to it. */
  notify(name: string, host: string, render: Render): boolean {
    const answering = this.#answering(name, render);
    for (const task of answering) {
      let hosts = this.#waiting.get(task);
      if (hosts === undefined) {
        hosts = new Set();
        this.#waiting.set(task, hosts);
      }
      hosts.add(host);
    }
    return answering.size > 0;
  }

  /** The one of that name (in the list loaded last), and those that listen, one of each name. */
  #answering(name: string, render: Render): Set<Task> {
    const known = [...this.#lists].reverse().flat();
    const answering = new Set<Task>();
    const named = known.find((task) => namesOf(task, render).includes(name));
    if (named !== undefined) answering.add(named);
    const seen = new Set<string>();
    for (const task of known) {
      if (!topicsOf(task, render).includes(name)) continue;
      const own = valueText(task, task.name, render);
      if (own !== undefined && seen.has(own)) continue;
      if (own !== undefined) seen.add(own);
      answering.add(task);
    }
    return answering;
  }

  /** The next handler behind another for which some of the hosts wait, with these hosts, who wait no longer. */
  next(
    after: Task | undefined,
    among: readonly string[],
  ): { readonly task: Task; readonly hosts: readonly string[] } | undefined {
    const known = this.#lists.flat();
    const from = after === undefined ? 0 : known.indexOf(after) + 1;
    for (const task of known.slice(from)) {
      const waiting = this.#waiting.get(task);
      const hosts = among.filter((host) => waiting?.delete(host));
      if (waiting?.size === 0) this.#waiting.delete(task);
      if (hosts.length > 0) return { task, hosts };
    }
    return undefined;
  }

  /** Is one of the hosts notified of anything? */
  waiting(among: readonly string[]): boolean {
    return [...this.#waiting.values()].some((hosts) => among.some((host) => hosts.has(host)));
  }

  /** Names for the message about one that nobody defines. */
  names(): string[] {
    return this.#lists.flat().flatMap((task) => (typeof task.name?.value === 'string' ? [task.name.value] : []));
  }
}

function tasksOf(nodes: readonly Node[]): Task[] {
  return nodes.flatMap((node) => (node.kind === 'task' ? [node] : tasksOf(node.body)));
}

function namesOf(task: Task, render: Render): string[] {
  const name = valueText(task, task.name, render);
  if (name === undefined) return [];
  const { role } = task;
  if (role === undefined) return [name];
  const names = [name, `${role.name} : ${name}`];
  if (role.collection !== '') names.push(`${role.collection}.${role.name} : ${name}`);
  return names;
}

function topicsOf(task: Task, render: Render): string[] {
  const listen = task.directives['listen']?.value;
  if (listen === undefined) return [];
  return (Array.isArray(listen) ? listen : [listen]).map((topic) => render(task, topic) ?? '');
}

function valueText(task: Task, located: Located | undefined, render: Render): string | undefined {
  if (located === undefined) return undefined;
  return located.value instanceof Template ? render(task, located.value) : String(located.value);
}

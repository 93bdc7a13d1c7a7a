// Handlers: who was notified of what, and which tasks answer to a name.

import type { Block, Located, Node, Play, Role, Task } from '../model/playbook.ts';
import { Template, type Value } from '../model/value.ts';

/** The handlers that a play knows and the notifications that wait. */
export class Handlers {
  readonly #known: Task[] = [];
  readonly #roles = new Set<string>();
  /** Waiting notifications: handler -> hosts, in the order in which they came. */
  readonly #waiting = new Map<Task, Set<string>>();

  constructor(play: Play) {
    this.add(play.handlers);
  }

  /** Takes in handlers that a role or an include brought. */
  add(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.kind === 'task') this.#known.push(node);
      else this.#addBlock(node);
    }
  }

  #addBlock(block: Block): void {
    this.add(block.body);
  }

  /** A role's handlers, once for each folder and entry. */
  addRole(role: Role): void {
    const key = `${role.path}\0${role.handlers[0]?.position.file ?? ''}`;
    if (this.#roles.has(key)) return;
    this.#roles.add(key);
    for (const dependency of role.dependencies) this.addRole(dependency);
    this.add(role.handlers);
  }

  /** Notes that a host notified a name; false when no handler answers to it. */
  notify(name: string, host: string, render: (task: Task, value: Value) => string | undefined): boolean {
    const answering = this.#answering(name, render);
    for (const task of answering) {
      let hosts = this.#waiting.get(task);
      if (hosts === undefined) {
        hosts = new Set();
        this.#waiting.set(task, hosts);
      }
      hosts.add(host);
    }
    return answering.length > 0;
  }

  /** Those that listen, and the last one of that name. */
  #answering(name: string, render: (task: Task, value: Value) => string | undefined): Task[] {
    const named = this.#known.findLast((task) => namesOf(task, render).includes(name));
    const listening = this.#known.filter((task) => task !== named && topicsOf(task, render).includes(name));
    return [...(named === undefined ? [] : [named]), ...listening];
  }

  /** Hosts waiting for a handler, in the order in which handlers are defined; the next one, taken off. */
  next(after: Task | undefined): { readonly task: Task; readonly hosts: readonly string[] } | undefined {
    const from = after === undefined ? 0 : this.#known.indexOf(after) + 1;
    for (const task of this.#known.slice(from)) {
      const hosts = this.#waiting.get(task);
      if (hosts === undefined) continue;
      this.#waiting.delete(task);
      return { task, hosts: [...hosts] };
    }
    return undefined;
  }

  get waiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Names for the message about one that nobody defines. */
  names(): string[] {
    return this.#known.flatMap((task) => (typeof task.name?.value === 'string' ? [task.name.value] : []));
  }
}

function namesOf(task: Task, render: (task: Task, value: Value) => string | undefined): string[] {
  const name = valueText(task, task.name, render);
  if (name === undefined) return [];
  const { role } = task;
  if (role === undefined) return [name];
  const names = [name, `${role.name} : ${name}`];
  if (role.collection !== '') names.push(`${role.collection}.${role.name} : ${name}`);
  return names;
}

function topicsOf(task: Task, render: (task: Task, value: Value) => string | undefined): string[] {
  const listen = task.directives['listen']?.value;
  if (listen === undefined) return [];
  return (Array.isArray(listen) ? listen : [listen]).map((topic) => render(task, topic) ?? '');
}

function valueText(
  task: Task,
  located: Located | undefined,
  render: (task: Task, value: Value) => string | undefined,
): string | undefined {
  if (located === undefined) return undefined;
  return located.value instanceof Template ? render(task, located.value) : String(located.value);
}

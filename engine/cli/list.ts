// What --list-hosts, --list-tasks and --list-tags print: plays, hosts, tasks and tags in Ansible's layout.

import { byCodePoint } from '../model/json-text.ts';
import type { Node, Play, Task } from '../model/playbook.ts';
import { toJson, type Value } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import { pythonText } from '../report/python-text.ts';

export interface Listing {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
}

export interface ListedPlay {
  readonly play: Play;
  /** Hosts that it would run on. */
  readonly hosts: readonly string[];
  /** Tags of a node with those it inherits, sorted. */
  tagsOf(node: Node): readonly string[];
  isSelected(tags: readonly string[]): boolean;
  /** Is a task called by what it brings in, and not by its role? */
  bringsRole(task: Task): Promise<boolean>;
  /** Renders what stands in the heading, in the play's variables. Throws TemplateError. */
  render(value: Value): Value;
}

/** The text for one playbook. */
export async function listPlaybook(file: string, plays: readonly ListedPlay[], listing: Listing): Promise<string> {
  const texts = [`\nplaybook: ${file}\n`];
  for (const [index, play] of plays.entries()) texts.push(await listPlay(play, index + 1, listing));
  return texts.join('');
}

async function listPlay(listed: ListedPlay, number: number, listing: Listing): Promise<string> {
  const { play } = listed;
  const patterns = patternsOf(listed.render(play.hosts.value));
  const name = play.name === undefined ? patterns.join(',') : shown(listed.render(play.name.value));
  const lines = ['', `  play #${number} (${patterns.join(',')}): ${name}\tTAGS: [${playTags(play).join(',')}]`];
  if (listing.hosts) {
    lines.push(`    pattern: ${pythonText(patterns)}`, `    hosts (${listed.hosts.length}):`);
    for (const host of listed.hosts) lines.push(`      ${host}`);
  }
  const tasks = tasksOf([...play.preTasks, ...play.roles, ...play.tasks, ...play.postTasks])
    .map((task) => ({ task, tags: listed.tagsOf(task) }))
    .filter(({ tags }) => listed.isSelected(tags));
  if (listing.tasks) {
    lines.push('    tasks:');
    for (const { task, tags } of tasks) lines.push(`      ${await taskName(task, listed)}\tTAGS: [${tags.join(', ')}]`);
  }
  if (listing.tags) {
    const all = new Set(tasks.flatMap(({ tags }) => tags));
    lines.push(`      TASK TAGS: [${[...all].sort(byCodePoint).join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}

/** Tasks as they would run; rescue and always are left out, as Ansible does. */
function tasksOf(nodes: readonly Node[]): Task[] {
  return nodes.flatMap((node) => (node.kind === 'task' ? [node] : tasksOf(node.body)));
}

async function taskName(task: Task, listed: ListedPlay): Promise<string> {
  if (task.name === undefined || task.name.value === null) return task.action;
  const name = shown(task.name.value);
  if (task.role === undefined || (await listed.bringsRole(task))) return name;
  return `${task.role.name} : ${name}`;
}

function playTags(play: Play): string[] {
  const raw = play.directives['tags']?.value;
  const items = raw === undefined || raw === null ? [] : Array.isArray(raw) ? raw : [raw];
  const tags = items.flatMap((item) => shown(item).split(',')).map((tag) => tag.trim());
  return [...new Set(tags)].sort(byCodePoint);
}

function patternsOf(hosts: Value): string[] {
  return (Array.isArray(hosts) ? hosts : [hosts]).map(shown);
}

function shown(value: Value): string {
  return toText(toJson(value));
}

// Which hosts a play runs on, in which order and in which batches.

import { PlaybookError } from '../model/errors.ts';
import type { Play } from '../model/playbook.ts';
import { toJson, type Value } from '../model/value.ts';
import { toText } from '../module/schema.ts';
import { playContext } from './context.ts';
import type { Engine } from './engine.ts';

/** The play's hosts after limit, as the inventory has them. Throws InventoryError, TemplateError. */
export function hostsOf(engine: Engine, play: Play): string[] {
  const pattern = engine.templar.render(play.hosts.value, playContext(engine, play, 'localhost'));
  const patterns = (Array.isArray(pattern) ? pattern : [pattern]).map((item) => toText(toJson(item)));
  return [...engine.inventory.match(patterns, engine.settings.limit)];
}

/** Hosts in the order that the play asks for; its variables tell them as the inventory has them all the same. */
export function inOrder(engine: Engine, play: Play, matched: readonly string[]): string[] {
  const context = playContext(engine, play, 'localhost');
  const hosts = [...matched];
  const order = play.directives['order']?.value;
  switch (order === undefined ? 'inventory' : toText(toJson(engine.templar.render(order, context)))) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return hosts.reverse();
    case 'sorted':
      return hosts.sort();
    case 'reverse_sorted':
      return hosts.sort().reverse();
    case 'shuffle':
      return shuffled(hosts);
    default:
      throw new PlaybookError(`Unknown order specified for play: '${toText(toJson(order ?? null))}'`, {
        position: play.directives['order']!.position,
        hint: 'one of inventory, reverse_inventory, sorted, reverse_sorted, shuffle',
      });
  }
}

function shuffled(hosts: string[]): string[] {
  for (let index = hosts.length - 1; index > 0; index--) {
    const other = Math.floor(Math.random() * (index + 1));
    [hosts[index], hosts[other]] = [hosts[other]!, hosts[index]!];
  }
  return hosts;
}

/** Batches by `serial`: a number, a percentage, or a list of them whose last repeats. */
export function batchesOf(engine: Engine, play: Play, hosts: readonly string[]): string[][] {
  const raw = play.directives['serial'];
  if (raw === undefined || hosts.length === 0) return [[...hosts]];
  const value = engine.templar.render(raw.value, playContext(engine, play, 'localhost'));
  const sizes = (Array.isArray(value) ? value : [value]).map((item) => sizeOf(item, hosts.length, play));
  const batches: string[][] = [];
  let rest = [...hosts];
  for (let index = 0; rest.length > 0; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)]!;
    batches.push(rest.slice(0, size <= 0 ? rest.length : size));
    rest = size <= 0 ? [] : rest.slice(size);
  }
  return batches;
}

function sizeOf(value: Value, total: number, play: Play): number {
  const text = toText(toJson(value)).trim();
  const number = Number(text.replace(/%$/, ''));
  if (text === '' || Number.isNaN(number)) {
    throw new PlaybookError(`serial must be a number or a percentage, it is '${text}'`, {
      position: play.directives['serial']!.position,
    });
  }
  return text.endsWith('%') ? Math.max(1, Math.floor((number / 100) * total)) : Math.trunc(number);
}

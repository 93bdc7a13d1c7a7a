// Host names with ranges (`web[01:20]`, `db-[a:f]`, `x[1:9:2]`) and ports (`host:22`, `[::1]:22`).

import { InventoryError } from '../model/errors.ts';
import type { Position } from '../model/position.ts';

const RANGE = /\[([0-9a-zA-Z]*:[0-9a-zA-Z]+(?::[0-9]+)?)\]/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

export interface NamedHosts {
  readonly names: readonly string[];
  readonly port: number | undefined;
}

/** All names that an entry stands for. Throws InventoryError on a range that is none. */
export function expandHosts(entry: string, position?: Position): NamedHosts {
  const { host, port } = splitPort(entry, position);
  return { names: expandRanges(host, position), port };
}

/** A host and its port; addresses of IPv6 need brackets for one. */
export function splitPort(entry: string, position?: Position): { host: string; port: number | undefined } {
  const bracketed = /^\[([0-9a-fA-F:.%\w]*:[0-9a-fA-F:.%\w]*:[0-9a-fA-F:.%\w]*)\](?::(\d+))?$/.exec(entry);
  if (bracketed) return { host: bracketed[1]!, port: bracketed[2] ? Number(bracketed[2]) : undefined };
  if (isIpv6(entry)) return { host: entry, port: undefined };
  const withPort = /^(.*[^:[]):(\d+)$/.exec(entry);
  if (withPort && !withPort[1]!.replaceAll(new RegExp(RANGE, 'g'), '').includes(':'))
    return { host: withPort[1]!, port: Number(withPort[2]) };
  if (entry.endsWith(':'))
    throw new InventoryError(
      `Invalid host pattern '${entry}' supplied, ending in ':' is not allowed, this character is reserved to provide a port.`,
      { position },
    );
  return { host: entry, port: undefined };
}

function isIpv6(text: string): boolean {
  return /^[0-9a-fA-F:.]+(?:%\w+)?$/.test(text) && (text.match(/:/g)?.length ?? 0) >= 2;
}

function expandRanges(name: string, position: Position | undefined): string[] {
  const found = RANGE.exec(name);
  if (!found) {
    if (/\[[^\]]*$/.test(name) && name.includes(':', name.indexOf('[')))
      throw new InventoryError(`The range in '${name}' is not closed.`, { position });
    return [name];
  }
  const head = name.slice(0, found.index);
  const tail = name.slice(found.index + found[0].length);
  const tails = expandRanges(tail, position);
  return range(found[1]!, name, position).flatMap((middle) => tails.map((rest) => `${head}${middle}${rest}`));
}

function range(text: string, name: string, position: Position | undefined): string[] {
  const [begin = '', end = '', step = '1'] = text.split(':');
  const stride = Number(step);
  if (stride < 1) throw new InventoryError(`The range in '${name}' has no step.`, { position });
  if (/^[a-zA-Z]$/.test(begin)) {
    const from = LETTERS.indexOf(begin);
    const to = LETTERS.indexOf(end);
    if (!/^[a-zA-Z]$/.test(end) || to < from)
      throw new InventoryError(`The range in '${name}' must begin and end with letters, in their order.`, { position });
    return steps(from, to, stride).map((index) => LETTERS[index]!);
  }
  if (!/^\d*$/.test(begin) || !/^\d+$/.test(end))
    throw new InventoryError(`The range in '${name}' must begin and end with numbers.`, { position });
  const padded = begin.length > 1 && begin.startsWith('0');
  if (padded && begin.length !== end.length)
    throw new InventoryError(`The range in '${name}' must have equal-length beginning and end.`, { position });
  return steps(Number(begin || '0'), Number(end), stride).map((number) =>
    padded ? String(number).padStart(begin.length, '0') : String(number),
  );
}

function steps(from: number, to: number, by: number): number[] {
  const all: number[] = [];
  for (let number = from; number <= to; number += by) all.push(number);
  return all;
}

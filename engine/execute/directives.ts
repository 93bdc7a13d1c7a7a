// How a task comes by its keywords: its own, those of its blocks and roles from the inside out, the play's.

import { PlaybookError, TemplateError, TroupeError } from '../model/errors.ts';
import { KEYWORDS } from '../model/keywords.ts';
import type { Block, Directives, Located, Node, Play, Task } from '../model/playbook.ts';
import { Float, OMIT, toJson, type Value } from '../model/value.ts';
import { CoercionError, coerce, toBool, toText } from '../module/schema.ts';
import type { Context, Templar } from '../template/contract.ts';
import { telling } from './outcome.ts';

const BY_FIELD = new Map(KEYWORDS.map((keyword) => [keyword.field, keyword]));

/** The raw value that counts for a task: its own or the nearest inherited one. */
export function nearest(node: Node, play: Play, field: string): Located | undefined {
  const own = node.directives[field];
  if (own !== undefined || BY_FIELD.get(field)?.inherit === 'own') return own;
  for (let block: Block | undefined = node.parent; block !== undefined; block = block.parent) {
    const value = block.directives[field];
    if (value !== undefined) return value;
  }
  return play.directives[field];
}

/** All levels' values of a joined keyword, outermost first. */
export function joined(node: Node, play: Play, field: string): Located[] {
  const levels: (Directives | undefined)[] = [node.directives];
  for (let block: Block | undefined = node.parent; block !== undefined; block = block.parent)
    levels.push(block.directives);
  levels.push(play.directives);
  return levels
    .reverse()
    .map((directives) => directives?.[field])
    .filter((located) => located !== undefined);
}

/** The values of a joined keyword as one list. */
export function joinedItems(node: Node, play: Play, field: string): { value: Value; located: Located }[] {
  return joined(node, play, field).flatMap((located) =>
    Array.isArray(located.value)
      ? located.value.map((value) => ({ value, located }))
      : [{ value: located.value, located }],
  );
}

/** Reads a task's keywords, rendered in its context. */
export class Keywords {
  readonly #task: Task;
  readonly #play: Play;
  readonly #templar: Templar;
  readonly #context: Context;

  constructor(task: Task, play: Play, templar: Templar, context: Context) {
    this.#task = task;
    this.#play = play;
    this.#templar = templar;
    this.#context = context;
  }

  raw(field: string): Located | undefined {
    return nearest(this.#task, this.#play, field);
  }

  value(field: string): Value | undefined {
    const located = this.raw(field);
    if (located === undefined || located.value === null) return undefined;
    const value = this.render(field, located.value);
    return value === OMIT ? undefined : value;
  }

  /** A value of the keyword, rendered. */
  render(field: string, value: Value): Value {
    const render = (): Value => this.#templar.render(value, this.#context);
    return field === 'delegateTo'
      ? render()
      : telling(() => `Error processing keyword '${shownName(field)}': `, render);
  }

  /** Throws TemplateError when it is no bool. */
  bool(field: string): boolean | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    const bool = toBool(toJson(value));
    if (bool === undefined) throw this.#wrong(field, 'a boolean', value);
    return bool;
  }

  number(field: string, type: 'int' | 'float' = 'int'): number | undefined {
    const value = this.value(field);
    if (value === undefined || value === null) return undefined;
    try {
      const number = coerce(type, toJson(value));
      return number instanceof Float ? number.value : (number as number);
    } catch (error) {
      if (!(error instanceof CoercionError)) throw error;
      throw this.#wrong(field, type === 'int' ? 'an integer' : 'a number', value);
    }
  }

  text(field: string): string | undefined {
    const value = this.value(field);
    return value === undefined || value === null ? undefined : toText(toJson(value));
  }

  /** `environment`: all levels merged, inner ones winning. */
  environment(): Record<string, string> {
    const merged: Record<string, string> = {};
    for (const { value, located } of joinedItems(this.#task, this.#play, 'environment')) {
      const rendered = this.render('environment', value);
      if (rendered === OMIT || rendered === null || rendered === '') continue;
      if (!(rendered instanceof Map)) {
        throw new PlaybookError('environment must be a dictionary, or a list of dictionaries', {
          position: located.position,
        });
      }
      for (const [name, item] of rendered) if (item !== OMIT) merged[toText(toJson(name))] = this.#templar.text(item);
    }
    return merged;
  }

  #wrong(field: string, wanted: string, value: Value): TemplateError {
    const name = BY_FIELD.get(field)?.name ?? field;
    return new TemplateError(`the field '${name}' must be ${wanted}, it is ${toText(toJson(value))}`, {
      position: this.raw(field)?.position,
    });
  }
}
/** The name of the attribute that a keyword sets, as messages have it. */
function shownName(field: string): string {
  const name = BY_FIELD.get(field)?.name ?? field;
  return name === 'async' ? 'async_val' : name;
}

/** A keyword that a banner needs; where it cannot be rendered, the host's own result will tell. */
export function early<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TroupeError) return undefined;
    throw error;
  }
}

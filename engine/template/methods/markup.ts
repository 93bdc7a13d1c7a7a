// Markup's methods: those of text, whose texts are Markup again.

import { Tuple, type Value } from '../../model/value.ts';
import { striptags, unescapeHtml } from '../filters/markup.ts';
import type { CallArgs } from '../library.ts';
import { escapedIn } from '../python/markup.ts';
import { Markup } from '../python/types.ts';
import { joined, type Method, type Methods, methods } from './define.ts';
import { TEXT } from './text.ts';

/** Methods that put values into the text, which are escaped. */
const INSERTING: ReadonlySet<string> = new Set(['format', 'format_map', 'join']);

function inserted({ positional, named }: CallArgs): CallArgs {
  return {
    positional: positional.map(escapedIn),
    named: new Map(Array.from(named, ([name, value]) => [name, escapedIn(value)])),
  };
}

function marked(value: Value): Value {
  if (typeof value === 'string') return new Markup(value);
  if (Array.isArray(value)) return value.map(marked);
  return value instanceof Tuple ? new Tuple(value.items.map(marked)) : value;
}

function marking(name: string, method: Method): Method {
  return {
    call: (self, args, run) => marked(method.call(self, INSERTING.has(name) ? inserted(args) : args, run)),
  };
}

export const MARKUP: Methods = joined(
  Object.fromEntries(Object.entries(TEXT).map(([name, method]) => [name, marking(name, method)])),
  methods<Markup>('Markup', {
    unescape: [[], (self) => unescapeHtml(self.text)],
    striptags: [[], striptags],
  }),
);

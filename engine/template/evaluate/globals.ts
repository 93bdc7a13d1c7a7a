// The functions that every template can call: Jinja2's, and Ansible's own.

import { type Dict, OMIT, type Value } from '../../model/value.ts';
import { valueFault } from '../fault.ts';
import { bind, type CallArgs, type Signature } from '../library.ts';
import { makeDict } from '../methods/dict.ts';
import { index } from '../methods/list.ts';
import { truth } from '../python/compare.ts';
import { str } from '../python/text.ts';
import { Undefined } from '../undefined.ts';
import { type Callable, Native } from './callable.ts';
import { lipsum } from './lipsum.ts';
import { lookupGlobal, queryGlobal } from './lookup.ts';
import { now } from './now.ts';
import { Cycler, Joiner, Namespace, Range } from './objects.ts';

// Signatures are named, not written in the call: each is then read once.
const LIPSUM: Signature = ['n?', 'html?', 'min?', 'max?'];
const JOINER: Signature = ['sep?'];
const SOURCE: Signature = ['source?', '**named'];
const UNDEF: Signature = ['hint?'];
const RANGE: Signature = ['start', 'stop?', 'step?'];

/** Globals by name; a variable of the same name goes before. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>(
  [
    new Native('range', range, 'type'),
    new Native('dict', dict, 'type'),
    new Native('lipsum', (args) => {
      const [count, html, least, most] = bind('lipsum', args, LIPSUM);
      return lipsum(index(count ?? 5), truth(html ?? true), index(least ?? 20), index(most ?? 100));
    }),
    new Native('cycler', ({ positional }) => new Cycler(positional), 'type'),
    new Native('joiner', (args) => new Joiner(bind('joiner', args, JOINER)[0] ?? ', '), 'type'),
    new Native(
      'namespace',
      (args) => {
        const [source, named] = bind('namespace', args, SOURCE);
        return new Namespace(makeDict(source, named!));
      },
      'type',
    ),
    new Native('lookup', lookupGlobal),
    new Native('query', queryGlobal),
    new Native('q', queryGlobal),
    new Native('now', now),
    new Native('undef', (args) => {
      const [hint] = bind('undef', args, UNDEF);
      return new Undefined(
        hint === undefined || hint === null ? 'mandatory variable has not been overridden' : str(hint),
      );
    }),
  ]
    .map((callable): [string, Callable | typeof OMIT] => [callable.name, callable])
    .concat([['omit', OMIT]]),
);

function range(args: CallArgs): Value {
  const [first, second, third] = bind('range', args, RANGE);
  for (const value of [first, second, third]) if (value instanceof Undefined) return value.trip();
  const start = second === undefined ? 0 : index(first!);
  const stop = index(second === undefined ? first! : second);
  const step = third === undefined ? 1 : index(third);
  return step === 0 ? valueFault('range() arg 3 must not be zero') : new Range(start, stop, step);
}

function dict(args: CallArgs): Dict {
  const [source, named] = bind('dict', args, SOURCE);
  return makeDict(source, named!);
}

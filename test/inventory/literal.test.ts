import { expect, test } from 'vitest';
import { valueOf } from '../../engine/inventory/ini.ts';
import { Float, PySet, Template, Tuple, type Value } from '../../engine/model/value.ts';

// What ansible-core's ini inventories make of the text behind `=` in a [group:vars] section.
const CASES: readonly [string, Value][] = [
  ['1', 1],
  ['-5', -5],
  ['1_000', 1000],
  ['0x1f', 31],
  ['0o17', 15],
  ['0b11', 3],
  ['0644', '0644'],
  ['00', 0],
  ['1.5', 1.5],
  ['1.0', new Float(1)],
  ['1e3', new Float(1000)],
  ['123456789012345678901', 123456789012345678901n],
  ['True', true],
  ['False', false],
  ['true', 'true'],
  ['yes', 'yes'],
  ['None', null],
  ['null', 'null'],
  ['', ''],
  ['some text', 'some text'],
  ['1.2.3.4', '1.2.3.4'],
  ['1 2', '1 2'],
  ['"quoted"', 'quoted'],
  ["'x' 'y'", 'xy'],
  ["'a\\nb'", 'a\nb'],
  ["r'a\\nb'", 'a\\nb'],
  ["u'x'", 'x'],
  ['"open', '"open'],
  ['some text # comment', 'some text # comment'],
  ['5 # comment', 5],
  ['"a" # c', 'a'],
  ['[1, "a", [2]]', [1, 'a', [2]]],
  ['[1,]', [1]],
  ['[]', []],
  ['[1', '[1'],
  ['[a]', '[a]'],
  [
    "{'a': 1, 'b': {}}",
    new Map<Value, Value>([
      ['a', 1],
      ['b', new Map()],
    ]),
  ],
  ['{"a": true}', '{"a": true}'],
  ["{1, 'a'}", new PySet([1, 'a'])],
  ['(1, 2)', new Tuple([1, 2])],
  ['1, 2', new Tuple([1, 2])],
  ['(1)', 1],
  ['(1,)', new Tuple([1])],
  ['{{ x }}', new Template('{{ x }}')],
  ["'{{ x }}'", new Template('{{ x }}')],
  ["['{{ x }}']", [new Template('{{ x }}')]],
  ['set()', new PySet([])],
  ['Trueish', 'Trueish'],
  ['1abc', '1abc'],
];

test.each(CASES)('%s', (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

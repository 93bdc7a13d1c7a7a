import { expect, test } from 'vitest';
import { PlaybookError } from '../../engine/model/errors.ts';
import { type Dict, PySet, Template, Unsafe, type Value, Vaulted } from '../../engine/model/value.ts';
import { parseYaml, type YamlHooks } from '../../engine/parse/yaml.ts';

function read(text: string, hooks: Partial<YamlHooks> = {}): { value: Value; warned: string[] } {
  const warned: string[] = [];
  const node = parseYaml(text, 'f.yml', {
    warn: (message, position) => warned.push(`${message} @${position?.line}:${position?.column}`),
    ...hooks,
  });
  return { value: node.value, warned };
}

const dict = (...pairs: [Value, Value][]): Dict => new Map(pairs);

test('templates carry their place, unsafe text is none, keys never are', () => {
  const { value } = read('a: "{{ x }}"\nb: !unsafe "{{ x }}"\n"{{ k }}": 1\nc: !unsafe ["{{ x }}"]\n');
  expect((value as Dict).get('a')).toEqual(new Template('{{ x }}', { file: 'f.yml', line: 1, column: 4 }));
  expect((value as Dict).get('b')).toEqual(new Unsafe('{{ x }}', { file: 'f.yml', line: 2, column: 12 }));
  expect((value as Dict).get('{{ k }}')).toBe(1);
  expect((value as Dict).get('c')).toEqual([new Unsafe('{{ x }}', { file: 'f.yml', line: 4, column: 13 })]);
});

test('merge keys: own keys win, the first of several maps wins, merged keys come first', () => {
  const { value } = read('b: &b {x: 1, y: 2}\nm1: {y: 3, <<: *b}\nm2: {<<: [*b, {z: 9, x: 8}]}\n');
  expect([...((value as Dict).get('m1') as Dict)]).toEqual([
    ['x', 1],
    ['y', 3],
  ]);
  expect([...((value as Dict).get('m2') as Dict)]).toEqual([
    ['z', 9],
    ['x', 1],
    ['y', 2],
  ]);
});

test('an alias is the value of its anchor', () => {
  const { value } = read('a: &x [1, 2]\nb: *x\n');
  expect((value as Dict).get('b')).toEqual([1, 2]);
});

test('sets, omap and pairs', () => {
  const { value, warned } = read('s: !!set {a, b}\no: !!omap [a: 1, b: 2]\n');
  expect((value as Dict).get('s')).toEqual(new PySet(['a', 'b']));
  expect((value as Dict).get('o')).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(warned).toHaveLength(1);
});

test.each([
  ['warn', 'b', ["Found duplicate mapping key 'k'. Using last defined value only. @2:1"]],
  ['ignore', 'b', []],
] as const)('a key that stands twice: %s', (duplicateKeys, value, warned) => {
  const found = read('k: a\nk: b\n', { duplicateKeys });
  expect(found.value).toEqual(dict(['k', value]));
  expect(found.warned).toEqual(warned);
});

test('a vaulted value stays closed until it is used', () => {
  const text = 'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n';
  const value = (read(text).value as Dict).get('a');
  expect(value).toBeInstanceOf(Vaulted);
  expect(value).toEqual(new Vaulted('$ANSIBLE_VAULT;1.1;AES256\n3132\n', { file: 'f.yml', line: 1, column: 11 }));
});

test('a vaulted file goes through the hook whole', () => {
  expect(read('$ANSIBLE_VAULT;1.1;AES256\n3132\n', { decrypt: () => 'a: 1\n' }).value).toEqual(dict(['a', 1]));
});

// Text, what the message must hold, its line and column, what the hint must hold.
const REFUSED: readonly [string, string, number, number, string][] = [
  ['a:\n  b: {{ foo }}\n', 'missing quotes around a template block', 2, 7, 'Quote'],
  ['a: {{ foo }} x\n', 'missing quotes around a template block', 1, 14, 'Quote'],
  ['a:\n  \t- b\n', 'Tabs are usually invalid', 2, 3, 'spaces'],
  ['\ta: 1\n', 'Tabs are usually invalid', 1, 1, 'spaces'],
  ['- name: foo: bar\n', 'Colons in unquoted values', 1, 9, 'Quote'],
  ['- a: b\n   c: d\n', 'Mapping values are not allowed', 1, 6, 'indentation'],
  ['a: @x\n', '@', 1, 4, 'Quote'],
  ['a: "x" y\n', 'Unexpected scalar', 1, 8, 'whole value'],
  ['a: "x\\d"\n', 'escape', 1, 6, 'single quotes'],
  ['a: "x\n', 'Missing closing', 2, 1, ''],
  ['a: !foo bar\n', "constructor for the tag '!foo'", 1, 4, '!unsafe'],
  ['a: *nope\n', "undefined alias 'nope'", 1, 4, ''],
  ['a: &x [*x]\n', 'inside of its own anchor', 1, 8, ''],
  ['a: 1\n---\nb: 2\n', 'single document', 2, 1, 'second'],
  ['a: {<<: 1}\n', 'Expected a mapping', 1, 9, ''],
  ['a: !!int x\n', "constructor for the tag 'tag:yaml.org,2002:int'", 1, 4, ''],
];

test.each(REFUSED)('%j is refused at its place', (text, message, line, column, hint) => {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(PlaybookError);
    const { message: said, position, hint: hinted, exitCode } = error as PlaybookError;
    expect(said).toContain(message);
    expect({ ...position }).toEqual({ file: 'f.yml', line, column });
    expect(hinted ?? '').toContain(hint);
    expect(exitCode).toBe(4);
    return;
  }
  expect.unreachable('it was taken');
});

test('a line that had to be moved keeps its place', () => {
  const { value } = read('a:\n  b: [1,\n  "{{ x }}"]\n');
  const [, template] = ((value as Dict).get('a') as Dict).get('b') as Value[];
  expect((template as Template).position).toEqual({ file: 'f.yml', line: 3, column: 3 });
});

test.each(['', '# nothing\n', '---\n', '---\n...\n'])('%j holds nothing', (text) => {
  expect(read(text).value).toBeNull();
});

test.each([
  ['a: [1,\n2]\n', dict(['a', [1, 2]])],
  ['a: {b: 1,\nc: 2}\n', dict(['a', dict(['b', 1], ['c', 2])])],
  ['a:\n  b: "x\n  y"\n', dict(['a', dict(['b', 'x y'])])],
  ["a:\n  b: 'x\n\n it''s'\nc: 1\n", dict(['a', dict(['b', "x\nit's"])], ['c', 1])],
  ['t:\n  - n: { that: [\n  "a",\n  b\n  ]}\n', dict(['t', [dict(['n', dict(['that', ['a', 'b']])])]])],
  ['\uFEFFa: 1\n', dict(['a', 1])],
  ['{"a": [true, null, 1.5], "b": "\\u00e9"}', dict(['a', [true, null, 1.5]], ['b', 'é'])],
  ['a: |\n  x\n   y\nb: >-\n  c\n  d\n', dict(['a', 'x\n y\n'], ['b', 'c d'])],
  ['? a\n: 1\n', dict(['a', 1])],
  ['a: x # y\nb: x#y\n', dict(['a', 'x'], ['b', 'x#y'])],
  ["a: 'it''s'\n", dict(['a', "it's"])],
])('%j is taken', (text, value) => {
  expect(read(text).value).toEqual(value);
});

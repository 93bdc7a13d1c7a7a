import { expect, test } from 'vitest';
import { PlaybookError } from '../../engine/model/errors.ts';
import { Template } from '../../engine/model/value.ts';
import { splitFreeForm } from '../../engine/parse/freeform.ts';

const at = { file: 'f.yml', line: 1, column: 1 };
const split = (text: string, commandLike: boolean) => {
  const { args, raw } = splitFreeForm(text, commandLike, at);
  const plain = [...args].map(([key, value]) => [key, value instanceof Template ? value.text : value]);
  return { args: Object.fromEntries(plain) as Record<string, unknown>, raw };
};

// Commands as ansible-core 2.19 registers them in `cmd`.
const COMMANDS: readonly [string, string, Record<string, string>][] = [
  [': a  b   c', ': a  b   c', {}],
  [':  a\n  b\n: d creates=/nope  e\n', ':  a\n  b\n: d e\n', { creates: '/nope' }],
  [`: 'a  b' "c   d" e=f chdir=/tmp g`, `: 'a  b' "c   d" e=f g`, { chdir: '/tmp' }],
  [
    ": {{ x }} {{ 'a  b'  }}  chdir={{ '/' + 'tmp' }} x='{{ x }}'",
    ": {{ x }} {{ 'a  b'  }}  x='{{ x }}'",
    { chdir: "{{ '/' + 'tmp' }}" },
  ],
  [": a\\nb 'c\\td' x=\\n chdir=/tmp", ": a\\nb 'c\\td' x=\\n", { chdir: '/tmp' }],
  ['echo a b creates="/tmp/a b"', 'echo a b', { creates: '/tmp/a b' }],
  ['creates=/x echo a=b', 'echo a=b', { creates: '/x' }],
  ['echo {% if a %}x y{% endif %} removes=z', 'echo {% if a %}x y{% endif %}', { removes: 'z' }],
  ['a \\\n  b', 'a  b', {}],
];

test.each(COMMANDS)('a command %j', (text, raw, args) => {
  expect(split(text, true)).toEqual({ raw, args });
});

const MODULES: readonly [string, string, Record<string, string>][] = [
  ['msg="a\\nb\\tc\\x41"', '', { msg: 'a\nb\tcA' }],
  ["msg='a b' verbosity=0", '', { msg: 'a b', verbosity: '0' }],
  ['msg=a\\=b', '', { msg: 'a\\=b' }],
  [`msg="it's"`, '', { msg: "it's" }],
  ['msg={{ x }} c', 'c', { msg: '{{ x }}' }],
  ['msg=a" b"c', '', { msg: 'a" b"c' }],
  ['a=1 c=\'{{ [1,2] }}\' d="q w"', '', { a: '1', c: '{{ [1,2] }}', d: 'q w' }],
  ['src=a dest=b=c', '', { src: 'a', dest: 'b=c' }],
  ['flush_handlers', 'flush_handlers', {}],
  ['a.yml tags=x', 'a.yml', { tags: 'x' }],
  ['{{ a == b }}', '{{ a == b }}', {}],
  ['', '', {}],
];

test.each(MODULES)('arguments %j', (text, raw, args) => {
  expect(split(text, false)).toEqual({ raw, args });
});

test.each(['echo "foo', "echo 'foo", 'echo {{ foo', 'echo {% if %'])('%j is left open', (text) => {
  expect(() => split(text, true)).toThrow(PlaybookError);
  expect(() => split(text, true)).toThrow('failed at splitting arguments, either an unbalanced jinja2 block or quotes');
});

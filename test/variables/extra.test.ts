import { expect, test } from 'vitest';
import { UsageError } from '../../engine/model/errors.ts';
import { Template, type Value } from '../../engine/model/value.ts';
import { splitFreeForm } from '../../engine/parse/freeform.ts';
import { parseYaml } from '../../engine/parse/yaml.ts';
import { parseExtraVars } from '../../engine/variables/extra.ts';

const FILES: Readonly<Record<string, string>> = {
  '/v/a.yml': 'x: 1\ny: {z: 2}\n',
  '/v/b.json': '{"x": true}',
  '/v/list': '[1]',
  '/v/empty': '',
};
const at = { file: '<extra>', line: 1, column: 1 };
const parse = (text: string): Value => parseYaml(text, '<extra>', { warn: () => undefined }).value;
const warned: string[] = [];
const read = (...options: string[]): unknown =>
  Object.fromEntries(
    parseExtraVars(options, {
      parse,
      warn: (message) => void warned.push(message),
      read: (file) => parse(FILES[file]!),
      split: (text) => splitFreeForm(text, false, at).args,
    }),
  );

test.each([
  [['a=1 b=yes'], { a: '1', b: 'yes' }],
  [['a="x y" b=\'q w\''], { a: 'x y', b: 'q w' }],
  [['a=b=c'], { a: 'b=c' }],
  [['{"a": 1, "b": [true]}'], { a: 1, b: [true] }],
  [['{a: 0644, b: yes}'], { a: 420, b: true }],
  [['@/v/a.yml'], { x: 1, y: new Map([['z', 2]]) }],
  [['@/v/a.yml', 'x=2', '@/v/b.json'], { x: true, y: new Map([['z', 2]]) }],
  [['@/v/empty'], {}],
  [[''], {}],
  [[], {}],
] as const)('-e %j', (options, vars) => {
  expect(read(...options)).toEqual(vars);
});

test('a word that sets nothing is told, and does not stop the run', () => {
  expect(read('word')).toEqual({});
  expect(warned).toEqual(["The extra variables 'word' are neither key=value nor a dictionary: they set nothing."]);
});

test('text of the command line may be a template', () => {
  expect(read('a={{ b }}')).toEqual({ a: new Template('{{ b }}', at) });
});

test.each([
  ['/v/a.yml', "Please prepend extra_vars filename '/v/a.yml' with '@'"],
  ['./a.yml', "Please prepend extra_vars filename './a.yml' with '@'"],
  ['[1]', 'could not be made into a dictionary'],
  ['@/v/list', 'could not be made into a dictionary'],
])('-e %s is refused', (option, message) => {
  expect(() => read(option)).toThrow(UsageError);
  expect(() => read(option)).toThrow(message);
});

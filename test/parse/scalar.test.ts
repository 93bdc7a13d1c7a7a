import { expect, test } from 'vitest';
import { Float, type Value } from '../../engine/model/value.ts';
import { parseYaml } from '../../engine/parse/yaml.ts';

const read = (text: string): Value => parseYaml(`v: ${text}\n`, 'f.yml', { warn: () => undefined }).value as Value;
const valueOf = (text: string): Value | undefined => (read(text) as Map<Value, Value>).get('v');

// Types as ansible-core 2.19 gives them (`type_debug` of each).
const CASES: readonly [string, Value][] = [
  ['yes', true],
  ['No', false],
  ['on', true],
  ['OFF', false],
  ['y', 'y'],
  ['tRue', 'tRue'],
  ['TRUE', true],
  ['~', null],
  ['', null],
  ['NULL', null],
  ['nUll', 'nUll'],
  ['0644', 420],
  ['0o644', '0o644'],
  ['0x1F', 31],
  ['+0x1f', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['010_1', 65],
  ['-0644', -420],
  ['08', '08'],
  ['0_8', '0_8'],
  ['190:20:30', 685230],
  ['1:30', 90],
  ['09.5', 9.5],
  ['1e3', '1e3'],
  ['1.5e3', '1.5e3'],
  ['1.0e+3', new Float(1000)],
  ['12e03', '12e03'],
  ['.5', 0.5],
  ['-.5', '-.5'],
  ['5.', new Float(5)],
  ['.inf', Number.POSITIVE_INFINITY],
  ['-.Inf', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
  ['190:20:30.15', 685230.15],
  ['1.0', new Float(1)],
  ['123456789012345678901234567890', 123456789012345678901234567890n],
  ['"0644"', '0644'],
  ['!!str 12', '12'],
  ['!!int "12"', 12],
  ['!!float "1"', new Float(1)],
  ['!!bool "yes"', true],
  ['!!null ""', null],
  ['2001-12-14', '2001-12-14'],
  ['2001-12-14 21:59:43.10', '2001-12-14T21:59:43.10'],
  ['2001-1-1', '2001-1-1'],
  ['<', '<'],
];

test.each(CASES)('the scalar %s', (text, wanted) => {
  expect(valueOf(text)).toEqual(wanted);
});

test('a timestamp becomes what the hook makes of it', () => {
  const node = parseYaml('v: 2001-12-14', 'f.yml', { warn: () => undefined, timestamp: (text) => `made of ${text}` });
  expect(node.value).toEqual(new Map([['v', 'made of 2001-12-14']]));
});

// What would take the run with it is refused before it is made.

import { describe, expect, it } from 'vitest';
import { Template, type Value } from '../../../engine/model/value.ts';
import { bench, templar } from './bench.ts';

const modern = templar();
const render = (text: string): Value => modern.render(new Template(text), bench());

describe('rows of many things', () => {
  it.each([
    ["{{ 'Hello World' | permutations | list | length }}", /permutations would make \d+ items/],
    ['{{ range(50) | combinations(25) | list | length }}', /combinations would make \d+ items/],
    ['{{ range(50) | permutations(20) | list | length }}', /permutations would make \d+ items/],
    [
      '{{ range(100) | product(range(100), range(100), range(100)) | list | length }}',
      /product would make 400000000 items/,
    ],
  ])('%s', (template, message) => {
    expect(() => render(template)).toThrow(message);
  });

  it.each([
    ['{{ [1, 2, 3] | permutations | list | length }}', 6],
    ['{{ [1, 2, 3, 4] | combinations(2) | list | length }}', 6],
    ['{{ range(40) | combinations(39) | list | length }}', 40],
    ['{{ [1, 2] | permutations(3) | list }}', []],
    ['{{ [1] | combinations(2) | list }}', []],
    ['{{ [1] | combinations(0) | list }}', [[]]],
    ['{{ [1, 2] | product([3, 4]) | list | length }}', 4],
  ])('%s is %j', (template, value) => {
    expect(render(template)).toEqual(value);
  });
});

// Found by random templates: what the filters did not expect ends in an error of theirs.
describe('what nobody expects', () => {
  it.each([
    ["{{ [1] | ansible.utils.index_of('no such\\ntest', 1) }}", /no such/],
    ["{{ [''] | subelements([]) }}", /should point to a list/],
    ["{{ ('[' * 100000) | from_yaml }}", /nested too deeply/],
    ["{{ '' | fileglob | first }}", /No first item/],
    ["{{ {'a': 1} | json_query(' a=\"1\"') }}", /cannot be read: something is missing or out of place/],
  ])('%s', (template, message) => {
    expect(() => render(template)).toThrow(message);
  });
});

describe('what is done very often', () => {
  it.each([
    ['{{ [] * (10 ** 18) }}', []],
    ["{{ '' * (10 ** 18) }}", ''],
    ["{{ query('sequence', 'start=9007199254740980 end=9007199254740990') | length }}", 11],
    ["{{ query('sequence', 'start=5 end=0 stride=-2') | join(' ') }}", '5 3 1'],
    ["{{ query('sequence', 'count=3 start=4 stride=2') | join(' ') }}", '4 6 8'],
    ['{{ (() * (10 ** 18)) | list }}', []],
  ])('%s is %j', (template, value) => {
    expect(render(template)).toEqual(value);
  });

  it.each([
    '{{ [1] * (10 ** 18) }}',
    '{{ [] * (10 ** 20) }}',
    "{{ 'x' * (10 ** 20) }}",
    '{{ range(10 ** 20) | list }}',
    '{{ (10 ** 20) | ansible.netcommon.vlan_expander }}',
  ])('%s is refused', (template) => {
    expect(() => render(template)).toThrow(/allowed|too large|too many/);
  });
});

// Filters and tests of collections whose answers no recorded case can hold: they hang on this machine, on how ansible-core
// names its own types, or on what else must be true of them.

import { describe, expect, it } from 'vitest';
import type { Value } from '../../../engine/model/value.ts';
import { apply, type Operation } from '../../../engine/template/filters/pointer.ts';
import { steps } from '../../../engine/template/filters/steps.ts';
import { type CallArgs, positional } from '../../../engine/template/library.ts';
import { dumpJson } from '../../../engine/template/python/json.ts';
import { loadJson } from '../../../engine/template/python/jsonread.ts';
import { repr } from '../../../engine/template/python/text.ts';
import { bench, callFilter, callTest } from './bench.ts';

describe('json_diff', () => {
  const apart: readonly (readonly [from: string, to: string, steps: string])[] = [
    ['[1, 2, 3]', '[1, 3]', '[{"op": "remove", "path": "/1"}]'],
    ['[1, 2]', '[2, 1]', '[{"op": "move", "from": "/0", "path": "/1"}]'],
    ['{"a": 1}', '{"b": 1}', '[{"op": "move", "from": "/a", "path": "/b"}]'],
    [
      '{"a": 1, "b": [1]}',
      '{"b": [1, true]}',
      '[{"op": "remove", "path": "/a"}, {"op": "add", "path": "/b/1", "value": true}]',
    ],
    ['{"a": 1}', '{"a": true}', '[{"op": "replace", "path": "/a", "value": true}]'],
    ['{"a/b": 1}', '{"a/b": 2}', '[{"op": "replace", "path": "/a~1b", "value": 2}]'],
    ['[]', '{}', '[{"op": "replace", "path": "", "value": {}}]'],
    ['[]', '[]', '[]'],
  ];
  it.each(apart)('%s to %s', (from, to, wanted) => {
    expect(dumpJson(steps(loadJson(from), loadJson(to)))).toBe(wanted);
  });

  // Moves out of and into lists whose own place changes.
  it.each([
    ['[{"c": 1, "d": [2, 2]}, {"e": {"f": 1.5}}, 1.0]', '[1.0, {"c": 1, "d": [2, 2]}, {"e": {"f": 1.5}}]'],
    [
      '[{"a": "y"}, [[], 0], [null, {"b": 2}, 1, []], {}]',
      '[[[], 0], [null, {"b": 2}, 1, []], [[], 0], {}, {"a": "y"}]',
    ],
  ])('its operations lead from %s to %s', (from, to) => {
    const taken = steps(loadJson(from), loadJson(to)).map((step): Operation => {
      const { op, path, from: source, value } = Object.fromEntries(step as Map<string, Value>);
      const named = { op: String(op), path: String(path), ...(value === undefined ? {} : { value }) };
      return source === undefined ? named : { ...named, from: String(source) };
    });
    expect(dumpJson(taken.reduce(apply, loadJson(from)))).toBe(dumpJson(loadJson(to)));
  });
});

describe('from_xml', () => {
  it.each([
    ['<a x="1"><b>t</b><b/>u &amp; v</a>', "{'a': {'@x': '1', 'b': ['t', None], '#text': 'u & v'}}"],
    ['<!DOCTYPE a [<!ENTITY e "v">]><a>&e;</a>', "{'a': None}"],
    ['<n:a xmlns:n="u"> <n:b/> </n:a>', "{'n:a': {'@xmlns:n': 'u', 'n:b': None}}"],
  ])('%s', (text, wanted) => expect(repr(callFilter('ansible.utils.from_xml', text))).toBe(wanted));

  it.each(['<a', '<a></b>', '<a/><b/>', '<a x=1/>', '<a>&nbsp;</a>', 'x', ''])('%s is no XML', (text) => {
    expect(() => callFilter('ansible.utils.from_xml', text)).toThrow('Input Xml is not valid');
  });
});

describe('types', () => {
  const named: CallArgs = positional(['_AnsibleTaggedStr', 'AnsibleUnicode']);
  it('text is text, wherever it came from', () => {
    expect(callFilter('community.general.reveal_ansible_type', ['a'])).toBe('list[str]');
    expect(callTest('community.general.ansible_type', 'a', named)).toBe(true);
    expect(callTest('community.general.ansible_type', 1, named)).toBe(false);
  });
});

describe('a_module', () => {
  it('asks the engine', () => {
    const asked: string[] = [];
    const services = { ...bench.context.services, knowsModule: (name: string) => asked.push(name) > 0 };
    const env = { ...bench, context: { ...bench.context, services } };
    expect(callTest('community.general.a_module', 'copy', positional(), env)).toBe(true);
    expect(asked).toEqual(['copy']);
    expect(callTest('community.general.a_module', 'copy')).toBe(false);
    expect(() => callTest('community.general.a_module', 1)).toThrow('no text');
  });
});

describe('resolvable', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['no host', false],
    ['', false],
  ])('%s: %s', (host, wanted) => expect(callTest('ansible.utils.resolvable', host)).toBe(wanted));
});

describe('bounds', () => {
  it.each([
    ['community.general.hashids_encode', [1], { min_length: 1e12 }],
    ['ansible.utils.to_xml', new Map([['a', 1]]), { indent: 'spaces', indent_width: 1e12 }],
  ] as const)('%s', (name, input, options) => {
    const args: CallArgs = { positional: [], named: new Map<string, Value>(Object.entries(options)) };
    expect(() => callFilter(name, input as Value, args)).toThrow('are allowed');
  });
});

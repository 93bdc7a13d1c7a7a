// Java's .properties: what is read from a text, and that an edit touches nothing but its own lines.

import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../modules/shared/bytes.ts';
import { editProperties, escapeKey, escapeValue, readProperties } from '../../../modules/shared/properties.ts';

describe('readProperties', () => {
  it.each([
    ['a=1', { a: '1' }],
    ['a = 1', { a: '1' }],
    ['a : 1', { a: '1' }],
    ['a 1', { a: '1' }],
    ['a\t1', { a: '1' }],
    ['  a=1', { a: '1' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a= b ', { a: 'b ' }],
    ['a==b', { a: '=b' }],
    ['a:=b', { a: '=b' }],
    ['a = : b', { a: ': b' }],
    ['a b=c', { a: 'b=c' }],
    ['# c\n! d\n\n  # e\na=1', { a: '1' }],
    ['a=1 # no comment', { a: '1 # no comment' }],
    ['a=b,\\\n   c,\\\n   d', { a: 'b,c,d' }],
    ['a=b\\\\\nc=d', { a: 'b\\', c: 'd' }],
    ['a=b\\\\\\\nc=d', { a: 'b\\c=d' }],
    ['a=b\\', { a: 'b' }],
    ['# comment \\\na=1', { a: '1' }],
    ['a\\ b=1', { 'a b': '1' }],
    ['a\\=b=1', { 'a=b': '1' }],
    ['a\\:b:1', { 'a:b': '1' }],
    ['\\#a=1', { '#a': '1' }],
    ['a=\\t\\n\\r\\f\\z', { a: '\t\n\r\fz' }],
    ['a=\\u00e9\\u20AC', { a: 'é€' }],
    ['a=\\ b', { a: ' b' }],
    ['a=1\na=2', { a: '2' }],
    ['a=1\r\nb=2\r\n', { a: '1', b: '2' }],
    ['a=1\rb=2', { a: '1', b: '2' }],
    ['jdbc.url=jdbc:mysql://h:3306/x?a=b', { 'jdbc.url': 'jdbc:mysql://h:3306/x?a=b' }],
  ])('%j', (text, wanted) => {
    expect(Object.fromEntries(readProperties(text).map(({ key, value }) => [key, value]))).toEqual(wanted);
  });
  it('takes single bytes for ISO-8859-1', () => {
    const text = decode(Uint8Array.of(0x61, 0x3d, 0xe9, 0x0a));
    expect(readProperties(text)[0]?.value).toBe('é');
  });
});

const edit = (text: string, properties: Record<string, string | null>, lists: Record<string, string[]> = {}) =>
  editProperties(text, { properties: new Map(Object.entries(properties)), lists: new Map(Object.entries(lists)) });

describe('editProperties', () => {
  it.each([
    ['keeps the separator', 'a : 1\nb = 2\n', { a: '9' }, 'a : 9\nb = 2\n'],
    ['keeps a blank as separator', 'a 1\n', { a: '9' }, 'a 9\n'],
    ['gives a bare key one', 'a\nb=1\n', { a: '9' }, 'a=9\nb=1\n'],
    ['keeps indentation, comments and unknown lines', '# x\n\n  a=1\n! y\n', { a: '9' }, '# x\n\n  a=9\n! y\n'],
    ['adds at the end', 'a=1\n', { b: '2' }, 'a=1\nb=2\n'],
    ['ends the last line first', 'a=1', { b: '2' }, 'a=1\nb=2\n'],
    ['leaves a last line without end alone', 'a=1\nb=2', { a: '9' }, 'a=9\nb=2'],
    ['replaces all lines of a value', 'a=b,\\\n  c\nd=1\n', { a: 'x' }, 'a=x\nd=1\n'],
    ['removes a key with all its lines', 'a=b,\\\n  c\nd=1\n', { a: null }, 'd=1\n'],
    ['removes every place of a key', 'a=1\nb=2\na=3\n', { a: null }, 'b=2\n'],
    ['changes the place that counts', 'a=1\na=2\n', { a: '3' }, 'a=1\na=3\n'],
    ['keeps carriage returns', 'a=1\r\nb=2\r\n', { a: '9', c: '3' }, 'a=9\r\nb=2\r\nc=3\r\n'],
    ['keeps each line end as it is', 'a=1\r\nb=2\nc=3', { b: '9' }, 'a=1\r\nb=9\nc=3'],
    ['escapes keys and values', '', { 'a b=c': ' x\ty\\é', '#k': '' }, 'a\\ b\\=c=\\ x\\ty\\\\\\u00e9\n\\#k=\n'],
    ['starts an empty file', '', { a: '1' }, 'a=1\n'],
  ] as const)('%s', (_, text, properties, result) => {
    const made = edit(text, properties);
    expect(made.text).toBe(result);
    expect(edit(made.text, properties)).toEqual({ text: result, changed: [], removed: [] });
  });

  it('leaves a text alone that says the same in other words', () => {
    const text = 'a\\:b : \\u0031,\\\n  2\n';
    expect(edit(text, { 'a:b': '1,2' }, {})).toEqual({ text, changed: [], removed: [] });
  });

  it('writes lists from 0 and removes what is beyond', () => {
    const text = 's.0=a\ns.1=b\ns.2=c\ns.x=keep\ns.10=z\nsx.5=keep\n';
    expect(edit(text, {}, { s: ['a', 'B'] })).toEqual({
      text: 's.0=a\ns.1=B\ns.x=keep\nsx.5=keep\n',
      changed: ['s.1'],
      removed: ['s.2', 's.10'],
    });
    expect(edit('', {}, { s: ['a', 'b'] }).text).toBe('s.0=a\ns.1=b\n');
    expect(edit(text, {}, { s: [] }).text).toBe('s.x=keep\nsx.5=keep\n');
  });

  it('does not touch bytes of other lines', () => {
    const bytes = Uint8Array.of(0x61, 0x3d, 0xe9, 0x0a, 0x62, 0x3d, 0x31, 0x0a);
    expect([...encode(edit(decode(bytes), { b: '2' }).text)]).toEqual([0x61, 0x3d, 0xe9, 0x0a, 0x62, 0x3d, 0x32, 0x0a]);
  });

  it.each(['', ' ', 'a b', '  x', '=', ':', '#', '!', '\\', 'a\\', 'é€😀', '\u0000', 'tab\t', 'line\nline', 'x\r'])(
    'reads %j back as key and value',
    (text) => {
      const [entry] = readProperties(`${escapeKey(`k${text}`)}=${escapeValue(text)}\n`);
      expect(entry).toMatchObject({ key: `k${text}`, value: text });
    },
  );
});

import { expect, it } from 'vitest';
import { Sight } from '../../engine/forecast/sight.ts';
import { ABSENT } from '../../engine/model/resource.ts';

function sight(): Sight {
  const seen = new Sight();
  seen.learn(
    [
      ['unit:a.service', {}],
      ['file:/a', ABSENT],
      ['file:/b', {}],
    ],
    new Map([
      ['file:/a', { certainty: 'foreseen', restsOn: 'an installation' }],
      ['file:/b', { certainty: 'unknown', restsOn: 'a command' }],
    ]),
  );
  return seen;
}

const looks: [string, (seen: Sight) => unknown, string, string | undefined][] = [
  ['at nothing', () => undefined, 'certain', undefined],
  ['at what is certain', (seen) => seen.get('unit:a.service'), 'certain', undefined],
  ['at what is foreseen', (seen) => seen.get('file:/a'), 'foreseen', 'an installation'],
  ['whether it is there', (seen) => seen.has('file:/a'), 'foreseen', 'an installation'],
  ['at two', (seen) => [seen.get('file:/b'), seen.get('file:/a')], 'unknown', 'a command'],
  ['at all', (seen) => [...seen], 'unknown', 'a command'],
  ['at all names', (seen) => [...seen.keys()], 'unknown', 'a command'],
  ['at all states', (seen) => [...seen.values()], 'unknown', 'a command'],
  ['at each', (seen) => seen.forEach(() => undefined), 'unknown', 'a command'],
];

it.each(looks)('a plan that looks %s is no less certain than that', (_, look, certainty, restsOn) => {
  const seen = sight();
  look(seen);
  expect(seen.doubt).toEqual({ certainty, restsOn });
});

it('a later answer takes an earlier doubt away', () => {
  const seen = sight();
  seen.learn([['file:/a', {}]]);
  expect(seen.get('file:/a')).toEqual({});
  expect(seen.doubt.certainty).toBe('certain');
});

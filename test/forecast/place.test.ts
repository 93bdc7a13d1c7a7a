import { expect, it } from 'vitest';
import { placeOf } from '../../engine/forecast/place.ts';
import type { Resource } from '../../engine/model/resource.ts';

const LINKS = new Map<Resource, string>([
  ['file:/opt/current', 'releases/2'],
  ['file:/srv/www', '/opt/current/www'],
  ['file:/round', '/round'],
]);

it.each([
  ['file:/etc/a/../b', 'file:/etc/b'],
  ['file:/etc/../../b', 'file:/b'],
  ['file:/opt/current/conf', 'file:/opt/releases/2/conf'],
  ['file:/srv/www/index.html', 'file:/opt/releases/2/www/index.html'],
  ['file:/opt/current/../3', 'file:/opt/releases/3'],
  ['file:/opt/current', 'file:/opt/current'],
  ['file:/etc/x', 'file:/etc/x'],
  ['unit:a.service', 'unit:a.service'],
] as const)('%s lies at %s', (spelled, wanted) => {
  expect(placeOf(spelled, (at) => LINKS.get(at))).toBe(wanted);
});

it('a link to itself leads nowhere, and ends', () => {
  expect(placeOf('file:/round/x', (at) => LINKS.get(at))).toBe('file:/round/x');
});

import { describe, expect, it } from 'vitest';
import { Forecast } from '../../engine/forecast/forecast.ts';
import { ABSENT, type Change, type Resource, type State, UNKNOWN } from '../../engine/model/resource.ts';

function seen(forecast: Forecast, resource: Resource, state: State = ABSENT) {
  const { observed, doubts } = forecast.overlay('h', new Map([[resource, state]]));
  const { certainty, restsOn } = doubts.get(resource) ?? { certainty: 'certain', restsOn: undefined };
  return { state: observed.get(resource), certainty, restsOn };
}

function after(...changes: Change[]): Forecast {
  const forecast = new Forecast();
  forecast.note('h', changes, 'earlier', 'certain');
  return forecast;
}

describe('what a later task sees in a dry run', () => {
  const install: Change = {
    of: 'package:nginx',
    before: ABSENT,
    after: { version: '1' },
    brings: [
      { of: 'unit:nginx.service', as: { active: 'active', enabled: 'enabled' }, sure: true },
      { of: 'user:*', as: {}, sure: false },
      { of: 'file:/etc/nginx/*', as: { type: 'directory' }, sure: false },
    ],
  };
  const cases: [string, Forecast, Resource, State, ReturnType<typeof seen>][] = [
    [
      'nothing was planned',
      new Forecast(),
      'file:/a',
      ABSENT,
      { state: ABSENT, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a file that was not written',
      after({ of: 'file:/a', before: ABSENT, after: { type: 'file', sha1: 'x' } }),
      'file:/a',
      ABSENT,
      { state: { type: 'file', sha1: 'x' }, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a changed mode keeps the rest',
      after({ of: 'file:/a', before: { mode: '0600' }, after: { mode: '0644' } }),
      'file:/a',
      { type: 'file', mode: '0600' },
      { state: { type: 'file', mode: '0644' }, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a file below a removed folder',
      after({ of: 'file:/a', before: { type: 'directory' }, after: ABSENT }),
      'file:/a/b/c',
      { type: 'file' },
      { state: ABSENT, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a unit that the package surely brings',
      after(install),
      'unit:nginx.service',
      ABSENT,
      { state: { active: 'active', enabled: 'enabled' }, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a user that it may bring',
      after(install),
      'user:www',
      ABSENT,
      { state: UNKNOWN, certainty: 'foreseen', restsOn: 'earlier' },
    ],
    [
      'a folder that it may bring',
      after(install),
      'file:/etc/nginx/conf.d',
      ABSENT,
      { state: { type: 'directory' }, certainty: 'foreseen', restsOn: 'earlier' },
    ],
    [
      'a unit that it does not bring',
      after(install),
      'unit:nginxx.service',
      ABSENT,
      { state: ABSENT, certainty: 'certain', restsOn: undefined },
    ],
    [
      'what is there stays as it is',
      after(install),
      'user:www',
      { uid: 1 },
      { state: { uid: 1 }, certainty: 'certain', restsOn: undefined },
    ],
    [
      'a unit file makes a unit',
      after({ of: 'file:/etc/systemd/system/app.service', before: ABSENT, after: { type: 'file' } }),
      'unit:app.service',
      ABSENT,
      { state: { active: 'inactive', enabled: 'disabled' }, certainty: 'certain', restsOn: undefined },
    ],
  ];
  it.each(cases)('%s', (_name, forecast, resource, state, expected) => {
    expect(seen(forecast, resource, state)).toEqual(expected);
  });

  it('nothing is certain to be absent after a skipped command', () => {
    const forecast = new Forecast();
    forecast.noteOpaque('h', 'run the installer');
    expect(seen(forecast, 'file:/opt/app')).toEqual({
      state: UNKNOWN,
      certainty: 'unknown',
      restsOn: 'run the installer',
    });
  });

  it('hosts do not share their forecast', () => {
    const forecast = after({ of: 'file:/a', before: ABSENT, after: { type: 'file' } });
    expect(forecast.overlay('other', new Map([['file:/a', ABSENT]])).observed.get('file:/a')).toBe(ABSENT);
  });
});

// service and systemd: what is planned for units as they are, as they are foreseen, and where there are none.

import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../../engine/module/contract.ts';
import service from '../../../modules/service.ts';
import { parseShow } from '../../../modules/shared/service/systemd.ts';
import systemd from '../../../modules/systemd.ts';
import { changesOf, planFrom, sections } from './answers.ts';

const RUNNING = { show: 'LoadState=loaded\nActiveState=active', enabled: 'enabled', files: '', sysv: '' };
const STOPPED = { show: 'LoadState=loaded\nActiveState=inactive', enabled: 'disabled', files: '', sysv: '' };
const NONE = { show: 'LoadState=not-found\nActiveState=inactive', enabled: '', files: '', sysv: '' };

describe('systemd', () => {
  it.each([
    [RUNNING, { state: 'started', enabled: true }, []],
    [STOPPED, { state: 'started' }, [['unit:cron.service', { active: 'active' }]]],
    [RUNNING, { state: 'stopped' }, [['unit:cron.service', { active: 'inactive' }]]],
    [RUNNING, { state: 'restarted' }, [['unit:cron.service', { active: 'active', invocation: 'restarted' }]]],
    [STOPPED, { state: 'reloaded' }, [['unit:cron.service', { active: 'active' }]]],
    [RUNNING, { enabled: false }, [['unit:cron.service', { enabled: 'disabled' }]]],
    [{ ...RUNNING, enabled: 'static' }, { enabled: true }, []],
    [{ ...RUNNING, enabled: 'alias' }, { enabled: true }, [['unit:cron.service', { enabled: 'enabled' }]]],
  ])('%o wished %o', (host, wish, changes) => {
    expect(changesOf(planFrom(systemd, { name: 'cron', ...wish }, sections(host)))).toEqual(changes);
  });

  it('fails for a unit that is not there, and for one that is masked', () => {
    expect(() => planFrom(systemd, { name: 'nosuch', state: 'started' }, sections(NONE))).toThrow(
      'Could not find the requested service nosuch: host',
    );
    const masked = sections({ ...STOPPED, enabled: 'masked' });
    expect(() => planFrom(systemd, { name: 'cron', state: 'started' }, masked)).toThrow(
      'Unable to start service cron: Failed to start cron.service: Unit cron.service is masked.',
    );
  });

  it('plans on a unit that is foreseen, by itself or by its file', () => {
    const started = { name: 'app', state: 'started', enabled: true };
    const wanted = [
      ['unit:app.service', { active: 'inactive', enabled: 'enabled' }],
      ['unit:app.service', { active: 'active' }],
    ];
    expect(changesOf(planFrom(systemd, started, sections(NONE), { 'unit:app.service': UNKNOWN }))).toEqual(wanted);
    const file = { 'file:/etc/systemd/system/app.service': { type: 'file' } };
    expect(changesOf(planFrom(systemd, started, sections(NONE), file))).toEqual(wanted);
    const brought = { 'unit:app.service': { active: 'active', enabled: 'enabled' } };
    expect(changesOf(planFrom(systemd, started, sections(NONE), brought))).toEqual([]);
  });

  it('reload is upkeep, not a change', () => {
    const plan = planFrom(systemd, { daemon_reload: true }, sections({}));
    expect(plan.actions).toHaveLength(1);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.data).toEqual({ name: null, status: {} });
  });

  it('reads values that go on over lines', () => {
    expect(parseShow('Id=a\nExecStart={ path=/a ; argv[]=/a\n b }\nUser=x=y')).toEqual({
      Id: 'a',
      ExecStart: '{ path=/a ; argv[]=/a\n b }',
      User: 'x=y',
    });
  });
});

describe('service', () => {
  it('names the arguments that systemd does not use', () => {
    const plan = planFrom(
      service,
      { name: 'cron', state: 'started', pattern: 'x' },
      sections({ manager: 'systemd', ...RUNNING }),
    );
    expect(plan.warnings).toEqual(['Ignoring "pattern" as it is not used in "systemd"']);
  });

  it('registers what init scripts did as sysvinit does', () => {
    const host = { manager: 'sysvinit', script: 'script', status: 'inactive', enabled: 'enabled' };
    const plan = planFrom(service, { name: 'cron', state: 'started' }, sections(host));
    expect(changesOf(plan)).toEqual([['unit:cron.service', { active: 'active' }]]);
    expect(plan.data).toMatchObject({ status: { enabled: { changed: false }, started: { changed: true, rc: null } } });
  });

  it('fails where there is no script', () => {
    const host = { manager: 'service', script: '', enabled: '' };
    expect(() => planFrom(service, { name: 'x', state: 'started' }, sections(host))).toThrow(
      'Could not find the requested service x: host',
    );
  });
});

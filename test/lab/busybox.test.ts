// The poorest host there is, busybox and dropbear, is managed like any other: foretold, played, and unchanged the second time.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareDigests } from './digest.ts';
import { type Lab, upLab } from './lab.ts';
import { agreement, busier, changed, type Played, Player } from './playing.ts';
import { onRealHosts } from './suite.ts';

const playbook = join(import.meta.dirname, 'playbooks/busybox/play.yml');

onRealHosts('a host with busybox and nothing else', () => {
  let lab: Lab;
  let player: Player;
  let disturbed: readonly string[];
  let dry: Played;
  let real: Played;
  let again: Played;

  beforeAll(async () => {
    const hosts = [{ name: 'bb', layer: 'busybox' }];
    lab = await upLab({ name: `bb-${process.pid}`.slice(0, 16), hosts });
    player = new Player(lab);
    const before = await lab.digest('bb');
    dry = await player.play([playbook, '--check']);
    disturbed = compareDigests(before, await lab.digest('bb'));
    real = await player.play([playbook]);
    again = await player.play([playbook]);
  });

  afterAll(async () => {
    await lab?.down();
    player?.close();
  });

  it('the dry run goes through to the end and changes nothing', () => {
    expect(dry.rc, dry.text).toBe(0);
    expect(disturbed).toEqual([]);
  });

  it('the real run succeeds, and the dry run foretold each of its changes', () => {
    expect(real.rc, real.text).toBe(0);
    const { share, told } = agreement(dry, real);
    expect(share, told).toBe(1);
  });

  it('the second run changes nothing, at one round trip a task at most', () => {
    expect(again.rc, again.text).toBe(0);
    expect([...changed(again.events)]).toEqual([]);
    expect(busier(again.events, 1).filter((line) => !line.includes('The server answers'))).toEqual([]);
  });

  it('what was made is what was asked for', async () => {
    const { stdout } = await lab.exec(
      'bb',
      `cat /root/served "/etc/web/it's a \\"test\\"" /etc/web/httpd.conf /etc/profile.local /etc/os-release; ls -l /srv/www/all.bin /etc/httpd.conf | tr -s ' ' | cut -d ' ' -f 1,3,4,9-
grep -E '^(web|ann):' /etc/passwd; grep ^web: /etc/group; sha1sum < /srv/www/all.bin`,
    );
    expect(stdout).toBe(`<h1>here</h1>
$HOME \`id\` "quoted" 'single' \\back\\\\slash %s !bang * ? ~
no newline, then: ÄÖÜ €
# bb, bb
H:/srv/www
E404:/missing.html
export PORT=8080
ID=busybox
VARIANT_ID=web
VERSION_ID=2
lrwxrwxrwx root root /etc/httpd.conf -> /etc/web/httpd.conf
-rw-r----- web web /srv/www/all.bin
web:x:700:700::/srv/www:/bin/false
ann:x:1000:1000:Ann O'Nym:/home/ann:/bin/sh
web:x:700:ann
36812e99f2d591c5114a7b09519ea9d7daba2380  -
`);
  });
});

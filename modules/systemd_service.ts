// systemd_service: the other name of systemd.

export { default } from './systemd.ts';

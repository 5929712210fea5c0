import { isIP } from 'node:net';
import { listOf } from './kinds.ts';

export const portList = listOf('a list of device paths, globs such as "/dev/ttyUSB*", or "tcp://host:port"', isModemPort);

function isModemPort(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const tcp = /^tcp:\/\/(?:[^\s:/[\]]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(value);
  return tcp ? Number(tcp[1]) >= 1 && Number(tcp[1]) <= 65535 : value.startsWith('/');
}

export const addressList = listOf(
  'a list of IP addresses of proxies, such as ["127.0.0.1"]',
  (value): value is string => typeof value === 'string' && isIP(value) !== 0,
);

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

export const networkList = listOf(
  'a list of addresses and networks, such as ["10.0.0.0/8", "fd00::/8", "192.168.1.20"]',
  (value): value is string => typeof value === 'string' && isNetwork(value),
);

function isNetwork(value: string): boolean {
  const [, address = '', bits] = /^([0-9a-fA-F.:]+?)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 4 ? 32 : 128));
}

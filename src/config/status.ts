import { ConfigError } from '../config-sims.ts';
import { type Key, text } from './kinds.ts';

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

export const STATUS_KEYS = {
  host: text(
    'a host name in lower case such as "status.example.org", without scheme and port',
    '',
    (value) => value === '' || HOST.test(value),
  ),
};

export interface StatusConfig {
  /** Empty: the status page has no name of its own. */
  host: string;
}

/** Throws ConfigError, with the `file` it is in, when it is the name of the house itself: nothing but the status page would be left there. */
export function statusConfig(
  read: (section: 'status', key: string, spec: Key<string>) => string,
  publicUrl: string,
  file: string,
): StatusConfig {
  const host = read('status', 'host', STATUS_KEYS.host);
  if (host !== '' && host === URL.parse(publicUrl)?.hostname)
    throw new ConfigError(`${file}: status.host must be another name than that of server.public_url: only the status page is there`);
  return { host };
}

/** The version of this program, as `smspin version` and the API document tell it. */
export const VERSION = '0.1.0';

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decodePdu, isForReading } from '../../src/gsm/deliver.ts';
import { encodeDeliver } from '../../src/gsm/encode.ts';

const HEAD = '00040C914477000910320000';
const STAMP = '62112202617500';
const present = { smsc: 'present' } as const;
const sample = { sender: 'Acme', text: 'Your code is 482913', atMs: Date.UTC(2026, 10, 22, 20, 16, 57) };

describe('an SMS-DELIVER', () => {
  test('is read field by field', () => {
    const pdu = decodePdu(`0791447758100650040C914477000910320000${STAMP}05E8329BFD06`, present);
    expect(pdu).toMatchObject({
      type: 'deliver',
      smsc: '+447785016005',
      sender: '+447700900123',
      pid: 0,
      dcs: 0,
      coding: 'gsm7',
      text: 'hello',
      scts: '2026-11-22T20:16:57+00:00',
      networkTimeMs: sample.atMs,
      concat: null,
      ports: null,
      flags: [],
      error: null,
    });
  });

  test('of class 0 is a flash message with a text like any other', () => {
    expect(decodePdu(`00040C9144770009103200F0${STAMP}05E8329BFD06`, present)).toMatchObject({ messageClass: 0, text: 'hello' });
  });

  test('with 8 bit data has no text, but shows an operator what is printable', () => {
    const pdu = decodePdu(`00040C914477000910320004${STAMP}0568656C6C6F`, present);
    expect(pdu).toMatchObject({ coding: '8bit', text: null, printable: 'hello', error: null });
    expect(decodePdu(`00040C914477000910320004${STAMP}02FF00`, present).printable).toBeNull();
  });

  test('for an application port is not for reading', () => {
    const pdu = decodePdu(`00440C914477000910320004${STAMP}090605040B8423F04142`, present);
    expect(pdu).toMatchObject({ ports: { destination: 2948, source: 9200, width: 16 }, printable: null });
    expect(isForReading(pdu)).toBe(false);
  });

  test('silent (type 0) and SIM data are kept and not for reading', () => {
    for (const [pid, flag] of [
      ['40', 'type_0'],
      ['7F', 'sim_download'],
    ] as const) {
      const pdu = decodePdu(`00040C91447700091032${pid}00${STAMP}05E8329BFD06`, present);
      expect(pdu).toMatchObject({ text: 'hello', flags: [flag] });
      expect(isForReading(pdu)).toBe(false);
    }
  });

  test('with a malformed header keeps its text', () => {
    // Element 00 claims 8 octets in a header of 5; the text follows the header all the same.
    const pdu = decodePdu(`00440C914477000910320008${STAMP}0A05000807020100480069`, present);
    expect(pdu).toMatchObject({ text: 'Hi', concat: null, flags: ['header_malformed'], error: null });
  });

  test('with a header longer than the user data is read as if it had none', () => {
    const pdu = decodePdu(`00440C914477000910320008${STAMP}0404160069`, present);
    expect(pdu).toMatchObject({ text: 'Жi', headerOctets: 0, flags: ['header_malformed'], error: null });
  });

  const odd: [what: string, hex: string, expected: object][] = [
    [
      'an impossible date',
      `${HEAD}6299220261750005E8329BFD06`,
      { scts: null, networkTimeMs: null, text: 'hello', flags: ['timestamp_invalid'], error: null },
    ],
    ['octets after the user data', `${HEAD}${STAMP}05E8329BFD06FFFF`, { text: 'hello', flags: ['trailing_octets'], error: null }],
    ['an odd UCS2 octet', `00040C914477000910320008${STAMP}0500480069D8`, { text: 'Hi', flags: ['odd_ucs2'], error: null }],
    ['a lone surrogate', `00040C914477000910320008${STAMP}040048D83D`, { text: 'H\uFFFD', flags: ['replacement_character'] }],
    ['an escape cut off at the end', `${HEAD}${STAMP}02C10D`, { text: 'A', error: null }],
    ['no user data', `${HEAD}${STAMP}00`, { text: '', error: null }],
    [
      'the reserved type 3',
      `00070C914477000910320000${STAMP}05E8329BFD06`,
      { type: 'deliver', text: 'hello', flags: ['reserved_type'], error: null },
    ],
  ];
  test.each(odd)('%s', (_what, hex, expected) => {
    expect(decodePdu(hex, present)).toMatchObject(expected);
  });
});

describe('a damaged PDU', () => {
  const cases: [what: string, hex: string, error: string, expected: object][] = [
    [
      'user data cut off',
      `${HEAD}${STAMP}0AE8329BFD46`,
      'deliver.user_data at octet 20: length 10 needs 9 octets, 5 there',
      { text: 'hello', flags: ['truncated'] },
    ],
    [
      'no user data length',
      `${HEAD}${STAMP}`,
      'deliver.user_data.length at octet 19: needs 1 octet, 0 left',
      { sender: '+447700900123', text: '' },
    ],
    [
      'time stamp cut off',
      `${HEAD}6211`,
      'deliver.service_centre_time_stamp at octet 12: needs 7 octets, 2 left',
      { sender: '+447700900123', text: null },
    ],
    ['no coding', '00040C9144770009103200', 'deliver.data_coding_scheme at octet 11: needs 1 octet, 0 left', { text: null }],
    ['address cut off', '00040C914477', 'deliver.address.digits at octet 4: needs 6 octets, 2 left', { sender: '', text: null }],
    ['address too long', '00042091', 'deliver.address.length at octet 2: 32 semi-octets, at most 20 allowed', { sender: '' }],
    ['service centre cut off', '0791', 'smsc at octet 1: needs 7 octets, 1 left', { type: 'unknown' }],
    ['no first octet', '00', 'pdu.first_octet at octet 1: needs 1 octet, 0 left', { type: 'unknown' }],
    [
      'a header in empty user data',
      `00440C914477000910320000${STAMP}00`,
      'deliver.user_data.header at octet 20: announced, but the user data is empty',
      { text: '' },
    ],
    [
      'compressed text',
      `00040C914477000910320020${STAMP}024142`,
      'deliver.user_data at octet 19: compressed (TS 23.042), kept but not decoded',
      { coding: 'compressed', text: null },
    ],
    ['an odd hex digit', `${HEAD}${STAMP}05E8329BFD0`, 'pdu.hex at octet 24: odd number of hex digits', { text: 'hell' }],
    ['no hex', 'OK', 'pdu.hex at octet 0: character 1 is no hex digit', { type: 'unknown' }],
    [
      'an unsound reserved type',
      `00070C914477000910320000${STAMP}05E8329BFD06FF`,
      'pdu.first_octet at octet 25: reserved message type 3, and no sound SMS-DELIVER (trailing_octets)',
      {},
    ],
  ];
  test.each(cases)('%s', (_what, hex, error, expected) => {
    expect(decodePdu(hex, present)).toMatchObject({ ...expected, error });
  });
});

describe('other message types', () => {
  test('a status report tells of a sent SMS', () => {
    const pdu = decodePdu(`0006170C91447700091032621122026175006211220271950000`, present);
    expect(pdu).toMatchObject({
      type: 'status_report',
      sender: '+447700900123',
      text: null,
      error: null,
      report: { ref: 0x17, discharge: '2026-11-22T20:17:59+00:00', status: 0 },
    });
  });

  const submits: [format: string, first: string, validity: string][] = [
    ['no', '01', ''],
    ['a relative', '11', 'AA'],
    ['an absolute', '19', STAMP],
    ['an enhanced', '09', '01000000000000'],
  ];
  test.each(submits)('a submit with %s validity period is read and not for reading', (_format, first, validity) => {
    const pdu = decodePdu(`00${first}000C914477000910320000${validity}05E8329BFD06`, present);
    expect(pdu).toMatchObject({ type: 'submit', sender: '+447700900123', text: 'hello', error: null });
    expect(isForReading(pdu)).toBe(false);
  });
});

describe('with or without a service centre', () => {
  const [{ pdu, length } = { pdu: '', length: 0 }] = encodeDeliver({ ...sample, smsc: '+447785016005' });
  const tpdu = pdu.slice(-2 * length);

  test('the length of +CMGR decides', () => {
    expect(decodePdu(pdu, { smsc: 'auto', length })).toMatchObject({ text: sample.text, smsc: '+447785016005', flags: [] });
    expect(decodePdu(tpdu, { smsc: 'auto', length })).toMatchObject({ text: sample.text, smsc: null, flags: [] });
  });
  test('without a length the sound reading decides', () => {
    expect(decodePdu(pdu, { smsc: 'auto' })).toMatchObject({ text: sample.text, sender: 'Acme' });
    expect(decodePdu(tpdu, { smsc: 'auto' })).toMatchObject({ text: sample.text, sender: 'Acme' });
  });
  test('a length that counts the service centre too does not mislead', () => {
    expect(decodePdu(pdu, { smsc: 'auto', length: length + 8 })).toMatchObject({ text: sample.text, flags: ['length_mismatch'] });
  });
  test('a wrong length is told', () => {
    expect(decodePdu(pdu, { ...present, length: 3 }).flags).toEqual(['length_mismatch']);
  });
});

describe('decoding never throws', () => {
  const option = fc.record({
    smsc: fc.constantFrom('present' as const, 'absent' as const, 'auto' as const),
    length: fc.option(fc.integer({ min: -5, max: 300 })),
  });
  test('on any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), option, (line, options) => void decodePdu(line, options)));
  });
  test('on any octets', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        option,
        (octets, options) => void decodePdu(Buffer.from(octets).toString('hex'), options),
      ),
      { numRuns: 500 },
    );
  });
  test('on a sound PDU with an octet changed or its end cut off', () => {
    const whole = Buffer.from(encodeDeliver({ ...sample, text: 'x'.repeat(200) })[0]?.pdu ?? '', 'hex');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), option, (at, value, length, options) => {
        const damaged = Buffer.from(whole);
        damaged[at] = value;
        const pdu = decodePdu(damaged.subarray(0, length).toString('hex'), options);
        if (length < 20 && options.smsc === 'present') expect(pdu.error).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});

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

describe('what is wrong is told with field and octet', () => {
  const DELIVER = '00440C9144770009103200';
  const cases: [what: string, hex: string, errors: [field: string, octet: number, message: string][]][] = [
    ['nothing wrong', `${HEAD}${STAMP}05E8329BFD06`, []],
    [
      'an element over the end of its header',
      `${DELIVER}08${STAMP}0A05000807020100480069`,
      [['deliver.user_data.header.element[1].length', 22, '8 octets run over the end of the header, 3 left']],
    ],
    [
      'the second element without a length',
      `${DELIVER}08${STAMP}09060003070201700048`,
      [['deliver.user_data.header.element[2].length', 27, 'missing']],
    ],
    [
      'a header longer than the user data',
      `${DELIVER}08${STAMP}0404160069`,
      [['deliver.user_data.header.length', 20, '4 octets announced, 3 there: read as no header']],
    ],
    [
      'a concatenation of a wrong length',
      `${DELIVER}08${STAMP}0704000207020048`,
      [['deliver.user_data.header.element[1].length', 22, '2 octets, where element 00 has 3']],
    ],
    ['part 0', `${DELIVER}08${STAMP}080500030702000048`, [['deliver.user_data.header.element[1].sequence', 25, 'part 0 of 2 cannot be']]],
    [
      'part 3 of 2 under a 16 bit reference',
      `${DELIVER}08${STAMP}09060804010702030048`,
      [['deliver.user_data.header.element[1].sequence', 26, 'part 3 of 2 cannot be']],
    ],
    [
      'an unknown language',
      `${DELIVER}08${STAMP}060325010E0048`,
      [['deliver.user_data.header.element[1].language', 23, '14 has no table, 13 is the last']],
    ],
    [
      'half a UCS2 character',
      `00040C914477000910320008${STAMP}0500480069D8`,
      [['deliver.user_data.text', 24, 'half a UCS2 character at the end is dropped']],
    ],
    [
      'half a surrogate pair, after a whole one',
      `00040C914477000910320008${STAMP}08D83DDE00DE000041`,
      [['deliver.user_data.text', 24, 'half a surrogate pair is shown as U+FFFD']],
    ],
    ['octets after the end', `${HEAD}${STAMP}05E8329BFD06FFFF`, [['deliver.user_data', 25, '2 octets stand after its end']]],
    ['an impossible date', `${HEAD}6299220261750005E8329BFD06`, [['deliver.service_centre_time_stamp', 12, 'no such date or time']]],
    [
      'a wrong filler, and the end cut off',
      `00040B914477000910320000${STAMP}0AE832`,
      [
        ['deliver.address.digits', 9, 'an odd count of digits does not end in a filler (F)'],
        ['deliver.user_data', 20, 'length 10 needs 9 octets, 2 there'],
      ],
    ],
  ];
  test.each(cases)('%s', (_what, hex, errors) => {
    expect(decodePdu(hex, present).errors).toEqual(errors.map(([field, octet, message]) => ({ field, octet, message })));
  });

  test('a wrong count of the modem, and odd hex', () => {
    expect(decodePdu(`${HEAD}${STAMP}05E8329BFD0`, { ...present, length: 3 })).toMatchObject({
      error: 'pdu.hex at octet 24: odd number of hex digits',
      errors: [
        { field: 'pdu.hex', octet: 24 },
        { field: 'pdu.length', octet: 1, message: 'the modem counts 3 octets, 23 are there' },
        { field: 'deliver.user_data', octet: 20 },
      ],
    });
  });
});

describe('protocol identifiers', () => {
  const special = new Map([
    [0x40, 'type_0'],
    ...Array.from({ length: 7 }, (_, n): [number, string] => [0x41 + n, `replace_type_${n + 1}`]),
    [0x5f, 'return_call'],
    [0x7d, 'me_download'],
    [0x7e, 'me_download'],
    [0x7f, 'sim_download'],
  ]);
  test('of all 256 values say what they ask for, and only those for machines hide the text', () => {
    for (let pid = 0; pid < 256; pid++) {
      const hex = pid.toString(16).padStart(2, '0');
      const pdu = decodePdu(`00040C91447700091032${hex}00${STAMP}05E8329BFD06`, present);
      expect([pdu.pid, pdu.text, pdu.error, pdu.flags]).toEqual([pid, 'hello', null, special.has(pid) ? [special.get(pid) ?? ''] : []]);
      expect(isForReading(pdu)).toBe(![0x40, 0x7d, 0x7e, 0x7f].includes(pid));
    }
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
  test('the length decides even where the right reading has an error', () => {
    const compressed = pdu.replace(/^(.{16}04.{12}00)00/, '$120');
    expect(decodePdu(compressed, { smsc: 'auto', length })).toMatchObject({ smsc: '+447785016005', coding: 'compressed', sender: 'Acme' });
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

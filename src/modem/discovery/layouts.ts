/**
 * Which interfaces of which USB modems answer AT commands, from what ModemManager's port-type rules and ofono's udevng tell, and makers' manuals.
 * Interface numbers as sysfs writes bInterfaceNumber, best first: the port that also carries data calls comes last, since a call would block it.
 * Left: interfaces; right: product ids.
 */
export interface VendorLayouts {
  vendor: string;
  maker: string;
  layouts: readonly (readonly [interfaces: string, products: string])[];
  /** The interfaces of every product not listed above, where the maker numbers them alike; absent where they must be tried. */
  others?: string;
  /**
   * Whether a product that is not listed may be asked for its AT port. Only where the vendor id is that of a maker of modems, or of its modem
   * business: AT sent to a phone in its boot loader or to a GPS receiver does harm.
   */
  mayProbe: boolean;
  /** Products that are no modems, although of this vendor. */
  never?: string;
}

export const VENDORS: readonly VendorLayouts[] = [
  {
    vendor: '2c7c',
    maker: 'Quectel',
    layouts: [
      ['02 03', '0121 0125 0191 0195 0296 0306 0435 0512 0620 0700 0800 0801'],
      ['05', '0128'],
    ],
    mayProbe: true,
  },
  {
    vendor: '1e0e',
    maker: 'SIMCom',
    layouts: [
      ['02 03', '9001'],
      ['02', '9205 9206'],
      ['04', '9011'],
      ['03 01', '9100 9200'],
      ['02 00 01', 'cefe'],
    ],
    mayProbe: true,
  },
  {
    vendor: '05c6',
    maker: 'Qualcomm',
    layouts: [
      // SIM5216 and Quectel's UC15, UC20 and first EC20 go by Qualcomm's own vendor id, as u-blox's LARA-R6.
      ['02 03', '9000 9003 9090 9215'],
      ['01 02', '908b'],
    ],
    mayProbe: false,
  },
  {
    vendor: '19d2',
    maker: 'ZTE',
    layouts: [
      [
        '03 01',
        '0021 0031 0037 0039 0042 0052 0057 0058 0061 0063 0066 0078 0082 0104 0106 0108 0122 0123 1007 1008 1010 1254 1268 2002 2003',
      ],
      ['04 01', '0033 0091 0113 0118 0121 0124 0126 0128'],
      ['02 01', '0016 0017 0018 0019 0117 0156'],
      ['02 04', '0002 0012 0024 0025 0055'],
      ['01 03', '0015 0030 0054'],
      ['00 01', '0003 0004 0005 0006 0007 0008 0009 000a'],
      ['00 02', '0001 1515'],
      ['04 02', '0048 0049'],
      ['03 02', '0043'],
      ['02 00', '0064'],
      ['05 01', '0125'],
    ],
    mayProbe: true,
  },
  {
    vendor: '1bc7',
    maker: 'Telit',
    layouts: [
      ['00 06', '0021'],
      ['00 02', '1003 1006'],
      ['00 03', '1004 1005'],
      ['03 02', '1010'],
      ['01', '1011 10a9 10c8 3001'],
      ['01 02', '1031 1033 1101 110a 10a4 10c4'],
      ['04 05', '1040 1050 1060 1070 1201'],
      ['05 06', '1041 1051 1061 1071 1204'],
      ['02', '10a0 10aa 10c0 10c9 3000'],
      ['03', '10a2 10c2'],
      ['02 03', '10a7 10b0 10c6 10d0'],
      ['03 04', '10b1 10d1'],
      ['04 03', '7010 7011'],
      ['06 02', '7020 7021'],
    ],
    mayProbe: true,
    // FN990 on PCIe shows its USB side for logging only.
    never: '1075',
  },
  {
    vendor: '1e2d',
    maker: 'Cinterion',
    layouts: [
      ['00 02', '005b 005d 0069 006f'],
      ['02 00', '0061'],
      ['02 03', '0053'],
    ],
    mayProbe: true,
  },
  {
    vendor: '2cb7',
    maker: 'Fibocom',
    layouts: [
      ['02 06', '0007'],
      ['02 03', '01a0 01a2'],
      ['03', '01a4 0115'],
      ['01 02', '0104 0106'],
      ['00 01', '010a'],
    ],
    mayProbe: true,
  },
  {
    vendor: '1782',
    maker: 'Fibocom (Unisoc)',
    layouts: [
      ['00 05 06', '4d10'],
      ['02 07 08', '4d11'],
    ],
    mayProbe: false,
  },
  { vendor: '1199', maker: 'Sierra Wireless', layouts: [['00 02', 'c001']], others: '03', mayProbe: true },
  { vendor: '1410', maker: 'Novatel', layouts: [], others: '00 01', mayProbe: true },
  {
    vendor: '1546',
    maker: 'u-blox',
    layouts: [
      ['00 02 04', '1102 1107 110a'],
      ['00', '1104'],
      ['06', '1010'],
    ],
    mayProbe: true,
    never: '01a4 01a5 01a6 01a7 01a8 01a9',
  },
  {
    vendor: '0e8d',
    maker: 'MediaTek',
    layouts: [
      ['00 01', '00a1 00a2'],
      ['00 02', '00a4'],
      ['02 03', '00a5 00a7'],
    ],
    mayProbe: false,
  },
  {
    vendor: '1c9e',
    maker: 'Longcheer',
    layouts: [
      ['00 01', '3197 9602'],
      ['00 02', '6000 6060 6061'],
      ['02 00 03', '7001 7002'],
      ['04 00 05', '7101 7102'],
      ['05 00 02', '8000'],
      ['04 00 02', '8001 8002'],
      ['03 01', '9000'],
      ['02 00 01', '9001 9002 9012 9022 9603'],
      ['03 00 01', '9003 9010 9020 9604 9605'],
      ['01 00', '9004 9005'],
      ['04 00 01', '9606 9607'],
    ],
    mayProbe: true,
  },
  {
    vendor: '1bbb',
    maker: 'Alcatel',
    layouts: [
      ['03 01', '0000'],
      ['05 03', '0017'],
      ['04 00', '00b7'],
      ['01 02', '022c'],
    ],
    mayProbe: false,
  },
  { vendor: '0b3c', maker: 'Olivetti', layouts: [['05 00', 'c005']], mayProbe: false },
  { vendor: '2001', maker: 'D-Link', layouts: [['00 01', '7d00']], mayProbe: false },
  { vendor: '07d1', maker: 'D-Link', layouts: [['02 03', '7e11']], mayProbe: false },
  { vendor: '0489', maker: 'Foxconn', layouts: [['02 03', 'e0b4 e0b5']], mayProbe: false },
  { vendor: '413c', maker: 'Dell', layouts: [['02', '81d7']], mayProbe: false },
  { vendor: '201e', maker: 'Haier', layouts: [['03', '10f8']], mayProbe: false },
  { vendor: '305a', maker: 'Gosuncn', layouts: [['01 02', '1405']], mayProbe: true },
  {
    vendor: '33f8',
    maker: 'Rolling',
    layouts: [
      ['01 02', '0104'],
      ['02 03', '01a2'],
      ['03', '01a4 0115'],
    ],
    mayProbe: true,
  },
  {
    vendor: '3731',
    maker: 'Netprisma',
    layouts: [['05', '0100 0101 0106 010a 010b 010c 010d 0111 0112 0113 0115 0116']],
    mayProbe: true,
  },
  { vendor: '2949', maker: 'Neoway', layouts: [], mayProbe: true },
  { vendor: '2dee', maker: 'MeiG', layouts: [], mayProbe: true },
  { vendor: '2020', maker: 'BroadMobi', layouts: [], mayProbe: true },
  { vendor: '0bdb', maker: 'Ericsson', layouts: [], mayProbe: true },
  { vendor: '0af0', maker: 'Option', layouts: [], mayProbe: true },
  {
    vendor: '12d1',
    maker: 'Huawei',
    // Before they marked their interfaces by protocol: E160, E169, E220, E270.
    layouts: [
      ['02 00', '1001'],
      ['01 00', '1003'],
    ],
    mayProbe: true,
  },
];

/** Serial boards and cables: whatever hangs on their ports, it is not the USB id that tells. */
export const SERIAL_BOARDS: Readonly<Record<string, string>> = {
  '0403:6001': 'FTDI FT232',
  '0403:6010': 'FTDI FT2232, two ports',
  '0403:6011': 'FTDI FT4232, four ports',
  '0403:6014': 'FTDI FT232H',
  '0403:6015': 'FTDI FT-X',
  '0403:6043': 'FTDI FT4232HP, four ports',
  '0403:6048': 'FTDI FT4232HA, four ports',
  '10c4:ea60': 'Silicon Labs CP210x',
  '10c4:ea70': 'Silicon Labs CP2105, two ports',
  '10c4:ea71': 'Silicon Labs CP2108, four ports',
  '067b:2303': 'Prolific PL2303',
  '067b:23a3': 'Prolific PL2303GC',
  '067b:23c3': 'Prolific PL2303GT',
  '067b:2304': 'Prolific PL2304',
  '1a86:5523': 'WCH CH341',
  '1a86:7522': 'WCH CH340K',
  '1a86:7523': 'WCH CH340',
  '1a86:55d2': 'WCH CH342, two ports',
  '1a86:55d3': 'WCH CH343',
  '1a86:55d4': 'WCH CH9102',
  '1a86:55d5': 'WCH CH344, four ports',
  '1a86:55d8': 'WCH CH9101',
  '1a86:55db': 'WCH CH347, two ports',
  '1a86:55dd': 'WCH CH347, two ports',
  '4348:5523': 'WCH CH341',
  '9710:7720': 'MosChip MCS7720, two ports',
  '9710:7840': 'MosChip MCS7840, four ports',
  '9710:7843': 'MosChip MCS7843, four ports',
  '04e2:1410': 'Exar XR21V1410',
  '04e2:1412': 'Exar XR21V1412, two ports',
  '04e2:1414': 'Exar XR21V1414, four ports',
  '04e2:1422': 'Exar XR21B1422, two ports',
  '04e2:1424': 'Exar XR21B1424, four ports',
  '110a:1410': 'Moxa UPort 1410, four ports',
  '110a:1450': 'Moxa UPort 1450, four ports',
  '110a:1610': 'Moxa UPort 1610-8, eight ports',
  '110a:1613': 'Moxa UPort 1610-16, sixteen ports',
  '110a:1650': 'Moxa UPort 1650-8, eight ports',
  '110a:1653': 'Moxa UPort 1650-16, sixteen ports',
};

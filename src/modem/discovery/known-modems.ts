/**
 * Which interface of a known USB modem answers AT commands. Only what is listed here is ever written to without the operator's word: AT sent
 * to a UPS, a PLC or a 3-D printer does harm. Interface numbers as sysfs writes bInterfaceNumber, best first; the port that also carries
 * data calls comes last, since a call would block it.
 */
export interface KnownModem {
  vendor: string;
  maker: string;
  /** Product ids, or null for every product of that vendor with such an interface. */
  products: readonly string[] | null;
  interfaces: readonly string[];
}

export const KNOWN_MODEMS: readonly KnownModem[] = [
  {
    vendor: '2c7c',
    maker: 'Quectel',
    products: ['0125', '0121', '0306', '0191', '0195', '0296', '0512', '0800', '0801'],
    interfaces: ['02', '03'],
  },
  { vendor: '2c7c', maker: 'Quectel', products: ['0128'], interfaces: ['05'] },
  { vendor: '1e0e', maker: 'SIMCom', products: ['9001'], interfaces: ['02', '03'] },
  { vendor: '1e0e', maker: 'SIMCom', products: ['9205', '9206'], interfaces: ['02'] },
  { vendor: '1e0e', maker: 'SIMCom', products: ['9011'], interfaces: ['04'] },
  { vendor: '1e0e', maker: 'SIMCom', products: ['9100', '9200'], interfaces: ['03', '01'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0031'], interfaces: ['03', '01'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0016', '0017', '0117'], interfaces: ['02', '01'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0033'], interfaces: ['04', '01'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0001'], interfaces: ['00', '02'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0002'], interfaces: ['02', '04'] },
  { vendor: '19d2', maker: 'ZTE', products: ['0015', '0030'], interfaces: ['01', '03'] },
  { vendor: '1bc7', maker: 'Telit', products: ['1003', '1006'], interfaces: ['00', '02'] },
  { vendor: '1bc7', maker: 'Telit', products: ['1004', '1005'], interfaces: ['00', '03'] },
  { vendor: '1bc7', maker: 'Telit', products: ['1201', '1040'], interfaces: ['04', '05'] },
  { vendor: '1bc7', maker: 'Telit', products: ['1204', '1041'], interfaces: ['05', '06'] },
  { vendor: '1bc7', maker: 'Telit', products: ['1031'], interfaces: ['01', '02'] },
  { vendor: '1bc7', maker: 'Telit', products: ['0021'], interfaces: ['00', '06'] },
  { vendor: '1e2d', maker: 'Cinterion', products: ['005b', '005d'], interfaces: ['00', '02'] },
  { vendor: '1e2d', maker: 'Cinterion', products: ['0061'], interfaces: ['02'] },
  { vendor: '2cb7', maker: 'Fibocom', products: ['0104'], interfaces: ['01', '02'] },
  { vendor: '2cb7', maker: 'Fibocom', products: ['0007'], interfaces: ['02', '06'] },
  { vendor: '2cb7', maker: 'Fibocom', products: ['01a0'], interfaces: ['02', '03'] },
  { vendor: '1199', maker: 'Sierra Wireless', products: null, interfaces: ['03'] },
  { vendor: '0e8d', maker: 'MediaTek', products: null, interfaces: ['02', '03'] },
];

/** Huawei numbers its interfaces anew for each product but marks them: class ff, subclass 01–03, and these protocols; PCUI takes AT alone. */
export const HUAWEI = {
  vendor: '12d1',
  class: 'ff',
  subclasses: ['01', '02', '03'],
  pcuiProtocols: ['02', '12', '32'],
  modemProtocols: ['01', '31'],
} as const;

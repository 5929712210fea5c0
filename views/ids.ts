/** Ids of what is replaced while a page is open. Page, push and poll use these, so a piece always finds its place. */
export const ids = {
  live: 'live',
  connection: 'connection',
  announce: 'announce',
  balance: 'balance',
  buy: 'buy',
  offer: 'offer',
  openOrders: 'open-orders',
  recentOrders: 'recent-orders',
  places: 'waiting-places',
  justJoined: 'just-joined',
  pastPlaces: 'past-places',
  rent: 'rent',
  rentLine: 'rent-line',
  extendLine: 'extend-line',
  currentRentals: 'current-rentals',
  pastRentals: 'past-rentals',
  rentalHead: 'rental-head',
  rentalEnd: 'rental-end',
  extendTerms: 'extend-terms',
  rentalChanges: 'rental-changes',
  inbox: 'inbox',
  bank: 'bank',
  bankHead: 'bank-head',
  bankTroubles: 'bank-troubles',
  bankCounts: 'bank-counts',
  alarms: 'alarms-now',
  slotNow: 'slot-now',
  console: 'console',
  jump: 'jump',
  jumpResults: 'jump-results',
  overview: 'overview',
  simRows: 'sim-rows',
} as const;

export const orderCardId = (orderId: string): string => `order-${orderId}`;
export const rentalCardId = (rentalId: string): string => `rental-${rentalId}`;
export const rentalRowId = (rentalId: string): string => `past-${rentalId}`;
export const recentOrderId = (orderId: string): string => `recent-${orderId}`;
/** Each other character as its number, so that no two slots share a card; only what may stand in an id, a selector and a fragment as it is. */
export const modemCardId = (slot: string): string =>
  `modem-${slot.replace(/[^A-Za-z0-9-]/g, (one) => `_${one.charCodeAt(0).toString(16)}_`)}`;

/**
 * How pages keep their socket. One closed in an orderly way (a restart of the server) must come back too, hence 1000 among the codes; a background
 * tab keeps its socket, because that is where a page is while its reader types elsewhere.
 */
export const SOCKET = JSON.stringify({
  ws: { pauseOnBackground: false, reconnectMaxDelay: 10_000, reconnectCodes: [1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014] },
});

import { setDefaultTimeout } from 'bun:test';

// Long enough for a busy machine to start a server and a browser; whoever tests for speed says so with an own bound.
setDefaultTimeout(20_000);

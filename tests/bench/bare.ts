/** The reference of the bench: an Elysia route that does nothing, in a process of its own. Prints its port. */
import { Elysia } from 'elysia';

const app = new Elysia()
  .get('/', () => ({ ok: true }))
  .post('/', ({ body }) => ({ body }))
  .listen({ hostname: '127.0.0.1', port: 0 });
console.log(app.server?.port);

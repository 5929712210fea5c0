import { Elysia, ValidationError } from 'elysia';
import { REFUSALS, Refusal, type RefusalType } from '../lib/errors.ts';
import { newId, type RandomBytes } from '../lib/ids.ts';
import { type Log, messageOf } from '../lib/log.ts';
import { noteStatus, subjectsOf } from './measure.ts';
import type { KnownMethods } from './methods.ts';
import { ownPath, page, SECURITY_HEADERS, seeOther } from './page.ts';
import { requestIdOf } from './request-id.ts';

export interface Problem {
  type: RefusalType | 'internal';
  title: string;
  status: number;
  detail: string;
  request_id: string;
  [extra: string]: unknown;
}

/** How a refusal is shown to a person; given by the caller so that this room knows no pages. */
export type ProblemPage = (problem: Problem, request: Request) => JSX.Element;

/**
 * The one place where refusals and failures become answers: RFC 9457 problems for API clients, a page for people. What is not a refusal is
 * logged in full and shown as a fixed sentence. Use it before any route.
 */
export function errors(deps: {
  log: Log;
  random: RandomBytes;
  nowMs(): number;
  methods: KnownMethods;
  problemPage: ProblemPage;
  /** Counts a refusal, or a failure of ours. */
  refused(type: RefusalType | 'internal'): void;
}) {
  return new Elysia({ name: 'errors' }).onError({ as: 'global' }, ({ error, code, request }) => {
    const { pathname } = new URL(request.url);
    const refusal = code === 'NOT_FOUND' ? deps.methods.refusal(request.method, pathname) : asRefusal(error, code);
    const requestId = requestIdOf(request, () => newId('req', deps.nowMs(), deps.random));
    const path = withoutTokens(pathname);
    if (!refusal) {
      deps.log.error('request_failed', {
        request_id: requestId,
        method: request.method,
        path,
        ...subjectsOf(request),
        error: messageOf(error),
        stack: error instanceof Error ? (error.stack ?? null) : null,
      });
    } else {
      deps.log.info('request_refused', {
        request_id: requestId,
        method: request.method,
        path,
        refusal: refusal.type,
        status: refusal.status,
        ...subjectsOf(request),
      });
    }
    const problem = problemOf(refusal, requestId);
    deps.refused(problem.type);
    noteStatus(request, problem.status);
    if (wantsJson(request, pathname)) return problemResponse(problem);
    if (problem.type === 'unauthorized') return seeOther(request, `/sign-in?next=${encodeURIComponent(pageOf(request, pathname))}`);
    try {
      return page(deps.problemPage(problem, request), { status: problem.status, headers: headersOf(problem) });
    } catch (thrown) {
      // The page itself fails (the database, say): the person still gets an answer, and nothing of ours in it.
      deps.log.error('problem_page_failed', { request_id: requestId, error: messageOf(thrown) });
      return problemResponse(problem);
    }
  });
}

/** A signed link gives access to whoever reads it, so a log must not hold one. */
function withoutTokens(pathname: string): string {
  return pathname.replace(/[\w-]{20,}\.[\w-]{40,}/g, '…');
}

/** The page to come back to after signing in: what the person looks at, not the fragment or form behind it. */
function pageOf(request: Request, pathname: string): string {
  const shown = URL.parse(request.headers.get('hx-current-url') ?? '')?.pathname;
  return ownPath(shown ?? (request.method === 'GET' ? pathname : null), '/dashboard');
}

export function problemOf(refusal: Refusal | null, requestId: string): Problem {
  if (!refusal) {
    const detail = 'Something went wrong on our side; it was logged under the request id. Nothing was charged unless your order shows it.';
    return { type: 'internal', title: 'The server failed.', status: 500, detail, request_id: requestId };
  }
  return {
    type: refusal.type,
    title: refusal.title,
    status: refusal.status,
    detail: refusal.detail,
    request_id: requestId,
    ...refusal.extra,
  };
}

function problemResponse(problem: Problem): Response {
  const headers: Record<string, string> = {
    ...{ 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...SECURITY_HEADERS },
    ...headersOf(problem),
  };
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="SMSPin"';
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** What a problem says in headers too, whoever it is for. */
function headersOf(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = {};
  if (typeof problem['retry_after'] === 'number') headers['retry-after'] = String(problem['retry_after']);
  if (Array.isArray(problem['allow'])) headers['allow'] = problem['allow'].join(', ');
  return headers;
}

function asRefusal(error: unknown, code: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof ValidationError) return error.type === 'response' ? null : validationRefusal(error);
  // What is refused while the body is being read (a stranger, too long a body) comes wrapped.
  if (code === 'PARSE' && error instanceof Error && error.cause instanceof Refusal) return error.cause;
  if (code === 'PARSE') return new Refusal('malformed', 'The body could not be read: send JSON with Content-Type: application/json.');
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : Number(code);
  const type = (Object.keys(REFUSALS) as RefusalType[]).find((one) => REFUSALS[one].status === status);
  return type && status < 500 ? new Refusal(type, REFUSALS[type].title) : null;
}

/** Names each field that is wrong and what is allowed, never what was sent: it may be a password, and arktype ends its messages in `(was …)`. */
function validationRefusal(error: ValidationError): Refusal {
  const errors = error.all.map((one) => {
    const field = 'path' in one && typeof one.path === 'string' ? one.path.replace(/^\//, '').replaceAll('/', '.') : '';
    const [said = 'is not allowed'] = ('message' in one && typeof one.message === 'string' ? one.message : 'is not allowed').split(
      ' (was ',
    );
    return { field, message: said.replace(/ must be removed$/, ' is not a known field') };
  });
  const first = errors[0];
  return new Refusal('validation', first ? `${error.type}: ${first.message}.` : 'The request is not as it must be.', { errors });
}

function wantsJson(request: Request, pathname: string): boolean {
  if (pathname.startsWith('/api/') || pathname.endsWith('.json') || pathname.startsWith('/health/') || pathname === '/metrics') return true;
  return (
    /\bapplication\/(problem\+)?json\b/.test(request.headers.get('accept') ?? '') &&
    !/\btext\/html\b/.test(request.headers.get('accept') ?? '')
  );
}

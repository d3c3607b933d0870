/** One entry of a catalogue of problems. */
export interface ProblemKind {
  readonly status: number
  /** What happened, one sentence. */
  readonly title: string
  /** What the caller can do, one or two sentences. */
  readonly remedy: string
}

/** Codes that a plugin's route may answer with before, after or instead of what the plugin says; the host adds those of its own routes. */
export const routeProblems = {
  capability_unavailable: {
    status: 503,
    title: 'A capability that this request needs has no active provider.',
    remedy: 'Try again later; an administrator sees in `/readyz` which plugin is not active.',
  },
  client_gone: {
    status: 499,
    title: 'The client went away before the answer.',
    remedy: 'Nothing: the code only appears in logs and metrics.',
  },
  conflict: {
    status: 409,
    title: 'The request conflicts with the present state.',
    remedy: 'Read the record again and decide anew.',
  },
  duplicate_key: {
    status: 400,
    title: 'The body names the same member twice in one object.',
    remedy: 'Send each member once: two readers could take different ones.',
  },
  egress_refused: {
    status: 502,
    title: 'The plugin wanted to call a host that it was not granted.',
    remedy:
      'Its author lists the host under `permissions.requests` of the manifest as `http:egress`, `name` or `name:port`; an address inside the operator’s network has to be granted as that address.',
  },
  expectation_failed: {
    status: 417,
    title: 'The request expects what this server does not do.',
    remedy: 'Send `Expect: 100-continue`, or no such header.',
  },
  forbidden: {
    status: 403,
    title: 'Your role does not allow this.',
    remedy: 'Ask a person whose role holds the permission; see `docs/policy.md`. The refusal was recorded.',
  },
  forbidden_key: {
    status: 400,
    title: 'The body has a member name that is refused.',
    remedy: 'Leave out `__proto__`.',
  },
  incomplete_body: {
    status: 400,
    title: 'The body ended before its announced length.',
    remedy: 'Send the whole body.',
  },
  internal_error: {
    status: 500,
    title: 'Something failed on our side. The trace id names it in our records.',
    remedy: 'Try again; report the `traceId` if it stays.',
  },
  invalid_request: {
    status: 400,
    title: 'The request is not what this route accepts.',
    remedy:
      '`errors` names the place and the rule; the schemas are in `/api/openapi.json`. Unknown members are refused.',
  },
  malformed_encoding: {
    status: 400,
    title: 'The body cannot be decoded.',
    remedy: 'Encode text as UTF-8; send the whole of what `Content-Encoding` says is packed.',
  },
  malformed_json: { status: 400, title: 'The body is not valid JSON.', remedy: 'Send one complete JSON value.' },
  method_not_allowed: {
    status: 405,
    title: 'This address does not answer that method.',
    remedy: '`Allow` names the methods that it answers.',
  },
  not_found: {
    status: 404,
    title: 'There is no such record or address, or you may not see it.',
    remedy: 'Check the address. Records of other regions answer like unknown ones.',
  },
  not_signed_in: {
    status: 401,
    title: 'Sign in first.',
    remedy:
      'Sign in with `POST /api/auth/login`, or get a token with `POST /oauth/token`. The session may have ended: 15 minutes without activity, or 12 hours.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is larger than this route accepts.',
    remedy: 'Send less, in several requests if need be.',
  },
  precondition_failed: {
    status: 412,
    title: 'The record has changed since you read it.',
    remedy: 'Read it again, apply your change to what is there now, and send the new `ETag` as `If-Match`.',
  },
  precondition_required: {
    status: 428,
    title: 'Say which version you change, with If-Match.',
    remedy: 'Send the `ETag` of your last read as `If-Match`.',
  },
  request_headers_too_large: {
    status: 431,
    title: 'The request headers are too large.',
    remedy: 'Send fewer or shorter headers.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive.',
    remedy: 'Send headers and body without long pauses.',
  },
  secret_unavailable: {
    status: 503,
    title: 'A secret that this request needs has not been given to the plugin, or cannot be read.',
    remedy:
      'The operator writes it under the id of the plugin into the file of `plugins.secretsFile`; the host reads it at the next use.',
  },
  time_limit: {
    status: 504,
    title: "The route's time limit passed before an answer.",
    remedy: 'Try again, with a smaller request if possible.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests. Wait before the next one.',
    remedy: 'Wait for `Retry-After` seconds.',
  },
  unavailable: {
    status: 503,
    title: 'This part of the service is not available at the moment.',
    remedy: 'Try again later; `/readyz` says what is missing.',
  },
  unexpected_body: { status: 400, title: 'This route takes no body.', remedy: 'Send the request without a body.' },
  unsupported_media_type: {
    status: 415,
    title: 'This route does not accept a body of that type.',
    remedy: 'Send the `Content-Type` that the detail names, usually `application/json`.',
  },
} as const satisfies Record<string, ProblemKind>

export type RouteProblemCode = keyof typeof routeProblems

const byStatus: Readonly<Record<number, RouteProblemCode>> = {
  400: 'invalid_request',
  401: 'not_signed_in',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  417: 'expectation_failed',
  428: 'precondition_required',
  429: 'too_many_requests',
  431: 'request_headers_too_large',
  503: 'unavailable',
}

/** The code of an error that only has a status. */
export function codeOfStatus(status: number): RouteProblemCode {
  return byStatus[status] ?? (status < 500 ? 'invalid_request' : 'internal_error')
}

/** The catalogue's sentence; a code that it does not know gets its own words back. */
export function titleIn(catalogue: Readonly<Record<string, ProblemKind>>, code: string): string {
  return Object.hasOwn(catalogue, code) ? (catalogue[code] as ProblemKind).title : code.replaceAll('_', ' ')
}

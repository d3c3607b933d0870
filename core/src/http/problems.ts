/** One entry of the catalogue. */
export interface ProblemKind {
  readonly status: number
  /** What happened, one sentence. */
  readonly title: string
  /** What the caller can do, one or two sentences. */
  readonly remedy: string
}

/** Every stable problem code of the host. Pages in `docs/errors` are generated from this list. */
export const problems = {
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
  foreign_origin: {
    status: 403,
    title: 'The request comes from a page of another origin.',
    remedy:
      'Call from a page of the host itself, or as a machine client with a bearer token. Behind a proxy, set `http.publicOrigin` to the origin that browsers see.',
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
  invalid_client: {
    status: 401,
    title: 'The client id or secret is wrong.',
    remedy: 'Check the credentials; a client that was disabled gets the same answer.',
  },
  invalid_credentials: {
    status: 401,
    title: 'The user name, password or code is wrong.',
    remedy:
      'Try again. A code of the second factor works once: wait for the next one. Many failures slow the account down.',
  },
  invalid_request: {
    status: 400,
    title: 'The request is not what this route accepts.',
    remedy:
      '`errors` names the place and the rule; the schemas are in `/api/openapi.json`. Unknown members are refused.',
  },
  invalid_scope: {
    status: 400,
    title: 'The client may not ask for that scope.',
    remedy: 'Ask for scopes that the client was given, or leave `scope` out to get all of them.',
  },
  malformed_encoding: { status: 400, title: 'The body is not valid UTF-8.', remedy: 'Encode the body as UTF-8.' },
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
  package_not_found: {
    status: 404,
    title: 'The store has no such package.',
    remedy: 'Put the package into the store with `POST /api/admin/packages` first.',
  },
  package_refused: {
    status: 422,
    title: 'The package does not pass the checks.',
    remedy: '`errors` names each rule; `dcesop check` says the same before you upload.',
  },
  payload_too_large: {
    status: 413,
    title: 'The body is larger than this route accepts.',
    remedy: 'Send less, in several requests if need be.',
  },
  plugin_busy: {
    status: 503,
    title: 'The plugin has too much under way, or is being changed at this moment.',
    remedy: 'Wait for `Retry-After` seconds and try again.',
  },
  plugin_config_invalid: {
    status: 422,
    title: "The plugin's configuration is not what its schema asks for.",
    remedy: '`errors` names each mistake; correct `plugins.config` and try again.',
  },
  plugin_data_incompatible: {
    status: 409,
    title: 'The version cannot read the data that is there.',
    remedy: 'Choose a version that reads the present data, as the answer says.',
  },
  plugin_disabled: { status: 409, title: 'The plugin is disabled already.', remedy: 'Nothing is to be done.' },
  plugin_enabled: { status: 409, title: 'The plugin is enabled already.', remedy: 'Nothing is to be done.' },
  plugin_has_dependants: {
    status: 409,
    title: 'Other plugins need what this one provides.',
    remedy: 'Change the plugins that the answer lists first.',
  },
  plugin_installed: {
    status: 409,
    title: 'The plugin is installed already.',
    remedy: 'Upgrade it to change its version.',
  },
  plugin_no_previous: {
    status: 409,
    title: 'There is no previous version to go back to.',
    remedy: 'Upgrade to the version that you want instead.',
  },
  plugin_not_found: {
    status: 404,
    title: 'There is no such plugin.',
    remedy: '`GET /api/admin/plugins` lists the installed ones.',
  },
  plugin_unavailable: {
    status: 503,
    title: 'The plugin does not serve at the moment.',
    remedy: 'Wait for `Retry-After` seconds; an administrator sees the reason in `/readyz`.',
  },
  plugin_version_active: { status: 409, title: 'That version is active already.', remedy: 'Nothing is to be done.' },
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
  sign_in_busy: {
    status: 503,
    title: 'Too many sign-ins are being checked at this moment.',
    remedy: 'Wait for `Retry-After` seconds and try again.',
  },
  step_up_failed: {
    status: 403,
    title: 'The code or password of the confirmation is wrong.',
    remedy: 'Try again. A code works once: wait for the next one.',
  },
  step_up_required: {
    status: 403,
    title: 'Confirm that it is you before this operation.',
    remedy:
      'Post `operation` and `parameters` of this answer with a code or password to `/api/auth/step-up`, then repeat the request. The confirmation works once, for 5 minutes.',
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
  totp_required: {
    status: 401,
    title: 'The account has a second factor: send its code too.',
    remedy: 'Repeat the sign-in with `totp`, the six digits that the authenticator shows.',
  },
  unavailable: {
    status: 503,
    title: 'This part of the service is not available at the moment.',
    remedy: 'Try again later; `/readyz` says what is missing.',
  },
  unexpected_body: { status: 400, title: 'This route takes no body.', remedy: 'Send the request without a body.' },
  unsupported_grant_type: {
    status: 400,
    title: 'Only the client_credentials grant is offered.',
    remedy: 'Send `grant_type=client_credentials`.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'This route does not accept a body of that type.',
    remedy: 'Send the `Content-Type` that the detail names, usually `application/json`.',
  },
  version_exists: {
    status: 409,
    title: 'The store has another package of that version.',
    remedy: 'A version never changes: give the package a new version.',
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof problems

const byStatus: Readonly<Record<number, ProblemCode>> = {
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
  428: 'precondition_required',
  429: 'too_many_requests',
  431: 'request_headers_too_large',
  503: 'unavailable',
}

/** The code of an error that only has a status. */
export function codeOfStatus(status: number): ProblemCode {
  return byStatus[status] ?? (status < 500 ? 'invalid_request' : 'internal_error')
}

/** The catalogue's sentence; a plugin's own code gets its own words back. */
export function titleOf(code: string): string {
  return code in problems ? problems[code as ProblemCode].title : code.replaceAll('_', ' ')
}

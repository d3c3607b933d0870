/** Every stable problem code of the host with one sentence. Pages in `docs/errors` are generated from this list. */
export const problems = {
  already_exists: { status: 409, title: 'There is already such a thing.' },
  capability_unavailable: { status: 503, title: 'A capability that this request needs has no active provider.' },
  conflict: { status: 409, title: 'The request conflicts with the present state.' },
  duplicate_key: { status: 400, title: 'The body names the same member twice in one object.' },
  forbidden: { status: 403, title: 'Your role does not allow this.' },
  forbidden_key: { status: 400, title: 'The body has a member name that is refused.' },
  foreign_origin: { status: 403, title: 'The request comes from a page of another origin.' },
  internal_error: { status: 500, title: 'Something failed on our side. The trace id names it in our records.' },
  invalid_client: { status: 401, title: 'The client id or secret is wrong.' },
  invalid_credentials: { status: 401, title: 'The user name, password or code is wrong.' },
  invalid_request: { status: 400, title: 'The request is not what this route accepts.' },
  invalid_scope: { status: 400, title: 'The client may not ask for that scope.' },
  malformed_encoding: { status: 400, title: 'The body is not valid UTF-8.' },
  malformed_json: { status: 400, title: 'The body is not valid JSON.' },
  method_not_allowed: { status: 405, title: 'This address does not answer that method.' },
  not_found: { status: 404, title: 'There is no such record or address, or you may not see it.' },
  not_signed_in: { status: 401, title: 'Sign in first.' },
  payload_too_large: { status: 413, title: 'The body is larger than this route accepts.' },
  precondition_failed: { status: 412, title: 'The record has changed since you read it.' },
  precondition_required: { status: 428, title: 'Say which version you change, with If-Match.' },
  request_headers_too_large: { status: 431, title: 'The request headers are too large.' },
  request_timeout: { status: 408, title: 'The request took too long to arrive.' },
  sign_in_busy: { status: 503, title: 'Too many sign-ins are being checked at this moment.' },
  step_up_failed: { status: 403, title: 'The code or password of the confirmation is wrong.' },
  step_up_required: { status: 403, title: 'Confirm that it is you before this operation.' },
  too_many_requests: { status: 429, title: 'Too many requests. Wait before the next one.' },
  totp_required: { status: 401, title: 'The account has a second factor: send its code too.' },
  unavailable: { status: 503, title: 'This part of the service is not available at the moment.' },
  unsupported_grant_type: { status: 400, title: 'Only the client_credentials grant is offered.' },
  unsupported_media_type: { status: 415, title: 'This route does not accept a body of that type.' },
} as const satisfies Record<string, { status: number; title: string }>

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

import type { ProblemKind } from '@dcesop/sdk-plugin/http'

/** Who calls, from where, and how they prove it. */
export const accessProblems = {
  foreign_origin: {
    status: 403,
    title: 'The request comes from a page of another origin.',
    remedy:
      'Call from a page of the host itself, or as a machine client with a bearer token. Behind a proxy, set `http.publicOrigin` to the origin that browsers see.',
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
  invalid_scope: {
    status: 400,
    title: 'The client may not ask for that scope.',
    remedy: 'Ask for scopes that the client was given, or leave `scope` out to get all of them.',
  },
  password_change_required: {
    status: 401,
    title: 'Choose a password of your own to sign in.',
    remedy:
      'An administrator gave the password, for one sign-in. Repeat the sign-in with `newPassword`, the one that is to hold from now on.',
  },
  password_expired: {
    status: 401,
    title: 'The one-time password is too old.',
    remedy: 'It works for a day. Ask the administrator for another one.',
  },
  password_refused: {
    status: 422,
    title: 'The new password is not a good one.',
    remedy:
      '`reason` says why: its `length` (8 to 256 characters), that it is one of the most `common` ones, `guessable` from the account or the product, or the `same` as before. Choose another; a sentence of your own is a good choice.',
  },
  second_person_required: {
    status: 403,
    title: 'This needs another person.',
    remedy: 'Another administrator does the second step.',
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
  totp_required: {
    status: 401,
    title: 'The account has a second factor: send its code too.',
    remedy: 'Repeat the sign-in with `totp`, the six digits that the authenticator shows.',
  },
  unsupported_grant_type: {
    status: 400,
    title: 'Only the client_credentials grant is offered.',
    remedy: 'Send `grant_type=client_credentials`.',
  },
  upgrade_required: {
    status: 426,
    title: 'This address speaks another version of the protocol.',
    remedy: 'Offer the version that `Sec-WebSocket-Version` of the answer names.',
  },
} as const satisfies Record<string, ProblemKind>

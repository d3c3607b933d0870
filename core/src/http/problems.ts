import { type ProblemKind, routeProblems, titleIn } from '@dcesop/sdk-plugin/http'

/** Every stable problem code of the host. Pages in `docs/errors` are generated from this list. */
export const problems = {
  ...routeProblems,
  dev_code_unknown: {
    status: 404,
    title: 'No development session waits with this code.',
    remedy: 'Type the code that `dcesop dev` shows now; each counts once and for ten minutes.',
  },
  dev_overrides_off: {
    status: 403,
    title: 'This host takes no plugins in development.',
    remedy: 'Use a host with the demo profile, or with `plugins.devOverrides`; a production host never takes one.',
  },
  dev_session_over: {
    status: 401,
    title: 'The development session is over.',
    remedy: 'Start `dcesop dev` again: a session ends with its command, or after a minute without a sign of it.',
  },
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
  plugin_barred: {
    status: 409,
    title: 'The version must not run.',
    remedy: 'The detail says why: the kill switch, or what the registry says of it. Install another version.',
  },
  plugin_busy: {
    status: 503,
    title: 'The plugin has too much under way, or is being changed at this moment.',
    remedy: 'Wait for `Retry-After` seconds and try again.',
  },
  plugin_canary_running: {
    status: 409,
    title: 'A version of the plugin is served as a canary.',
    remedy: 'Promote the canary or roll it back first; `GET /api/admin/plugins/{id}` tells how it does.',
  },
  plugin_config_invalid: {
    status: 422,
    title: "The plugin's configuration is not what its schema asks for.",
    remedy:
      '`detail` names each mistake, and the region in which it is one. Correct what was sent, or `plugins.config` of the host, and try again.',
  },
  plugin_data_incompatible: {
    status: 409,
    title: 'The version cannot read the data that is there.',
    remedy: 'Choose a version that reads the present data, as the answer says.',
  },
  plugin_disabled: { status: 409, title: 'The plugin is disabled already.', remedy: 'Nothing is to be done.' },
  plugin_ended: {
    status: 502,
    title: 'The plugin ended while it answered.',
    remedy:
      'What was only to be read can be asked for again. Whether a change was made is not known: look first, or send it again with the same Idempotency-Key where the route takes one.',
  },
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
  plugin_no_canary: {
    status: 409,
    title: 'No version of the plugin is served as a canary.',
    remedy: 'Upgrade with `canary` to start one; it may have been promoted or rolled back already.',
  },
  plugin_no_previous: {
    status: 409,
    title: 'There is no previous version to go back to.',
    remedy: 'Upgrade to the version that you want instead.',
  },
  plugin_no_rollback: {
    status: 409,
    title: 'The upgrade could not be rolled back.',
    remedy:
      'The answer says why the version before could not read the data any more. Upgrade with `acceptNoRollback: true` and a `reason`, which is audited, or ask the author for a version that is reversible. A canary is never served of such a version.',
  },
  plugin_not_found: {
    status: 404,
    title: 'There is no such plugin.',
    remedy: '`GET /api/admin/plugins` lists the installed ones.',
  },
  plugin_rejected: {
    status: 422,
    title: 'The version was refused before any of its code ran.',
    remedy: 'The detail says which check; mend the package and upload it again.',
  },
  plugin_scope_refused: {
    status: 422,
    title: "The plugin's configuration cannot be set on that level.",
    remedy:
      '`config.scopes` of its manifest says whether it may be set for everywhere (`global`) and by region (`region`). `tenant` is a level that this platform does not have: install a version that does not ask for it.',
  },
  plugin_start_failed: {
    status: 422,
    title: 'The plugin did not start.',
    remedy: 'The detail says what it threw, or how its routes differ from its manifest. What served before goes on.',
  },
  plugin_unavailable: {
    status: 503,
    title: 'The plugin does not serve at the moment.',
    remedy:
      'Wait for `Retry-After` seconds; an administrator sees the reason in the console, or in `GET /api/admin/plugins`.',
  },
  plugin_version_active: { status: 409, title: 'That version is active already.', remedy: 'Nothing is to be done.' },
  bundle_refused: {
    status: 422,
    title: 'The bundle is not believed.',
    remedy:
      '`fault` and the detail say what does not hold: a signature, an older state than was seen, or its age. Export a new one from the registry.',
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
  plan_differs: {
    status: 409,
    title: 'The plan of the registry does more than what you confirmed.',
    remedy:
      '`unconfirmed` names the steps that you did not confirm, `steps` the whole plan. Look at them, and repeat the request with the other steps in `with`.',
  },
  plan_impossible: {
    status: 409,
    title: 'No set of versions fulfils the wish on this instance.',
    remedy:
      '`conflict` holds the sentences that together exclude every plan, each with a code for texts in other languages; change one of the things they name.',
  },
  publisher_changed: {
    status: 409,
    title: 'The plugin id belongs to a package of another publisher here.',
    remedy:
      'Somebody else uses the same id: install nothing of it. A plugin that changes hands keeps its package name; its new owner joins the old scope.',
  },
  registry_declined: {
    status: 502,
    title: 'The registry refused the question.',
    remedy:
      "The detail is its own, and `registryCode` is its code, explained among the registry's errors. Check that the plugin and version are there, and that the address is that of a registry.",
  },
  registry_missing: {
    status: 409,
    title: 'No registry is configured.',
    remedy:
      'Set `plugins.registry.url` and `plugins.registry.rootKey`; without a network, pin the key and import bundles.',
  },
  registry_unreachable: {
    status: 503,
    title: 'The registry does not answer.',
    remedy:
      'What is installed goes on. Try again later, or import a bundle; `GET /api/admin/registry` says since when.',
  },
  registry_untrusted: {
    status: 502,
    title: 'What the registry says of its own state is not believed.',
    remedy:
      '`fault` names why: expired (compare the clocks that the detail names), older than what was seen, or altered. Nothing is installed by it; tell the operator of the registry.',
  },
  release_not_allowed: {
    status: 409,
    title: 'The registry does not let this instance run the version.',
    remedy:
      '`rule` says why: yanked, flagged, not approved for a region of this instance, or in a channel that it does not follow.',
  },
  release_not_listed: {
    status: 404,
    title: 'The signed state of the registry does not have the version.',
    remedy:
      'Check plugin and version with `POST /api/admin/registry/resolve`; a version appears once every check has passed.',
  },
  release_refused: {
    status: 422,
    title: 'The package is not the one that was signed and approved.',
    remedy:
      '`fault` and the detail say what does not fit. Do not install it by another way; tell the operator of the registry.',
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
  version_exists: {
    status: 409,
    title: 'The store has another package of that version.',
    remedy: 'A version never changes: give the package a new version.',
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof problems

/** The catalogue's sentence; a plugin's own code gets its own words back. */
export function titleOf(code: string): string {
  return titleIn(problems, code)
}

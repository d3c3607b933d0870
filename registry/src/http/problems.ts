import { type ProblemKind, routeProblems } from '@dcesop/sdk-plugin/http'

/** Codes that only the registry answers with; pages in `docs/errors/registry` are generated from this list. */
export const registryProblems = {
  account_exists: {
    status: 409,
    title: 'There is an account of that name already.',
    remedy: 'Sign in with its password, or choose another name.',
  },
  address_not_allowed: {
    status: 403,
    title: 'The token may not be used from this network address.',
    remedy: 'Call from an address in the list of the token, or make another token with `npm token create --cidr=…`.',
  },
  bundle_refused: {
    status: 422,
    title: 'The bundle is not believed, and nothing of it was stored.',
    remedy:
      '`fault` and the detail say what does not hold. Export it again from the registry that made it; its public root key is to be in `trust.origins.rootKeys`.',
  },
  channel_not_possible: {
    status: 409,
    title: 'The version cannot be moved to this channel.',
    remedy:
      '`reason` says why: `in_channel` (it is there already) or `moved_yanked` (what is yanked is in no channel; take the yank back first).',
  },
  integrity_mismatch: {
    status: 400,
    title: 'The tarball is not the one that the document describes.',
    remedy: 'Publish again with an unchanged npm client; something on the way altered the bytes.',
  },
  invalid_credentials: {
    status: 401,
    title: 'The user name or password is wrong.',
    remedy: 'Try again. Where sign-up is closed an administrator makes accounts.',
  },
  invalid_package_name: {
    status: 400,
    title: 'That is not a package name that npm accepts.',
    remedy: 'Use `@publisher/name` in lower case, at most 214 characters.',
  },
  invalid_publish: {
    status: 400,
    title: 'The publish document is not one that an npm client sends.',
    remedy: 'The detail names the place. Publish with npm, pnpm or yarn.',
  },
  last_owner: {
    status: 409,
    title: 'A publisher needs at least one owner.',
    remedy: 'Make somebody else an owner first: `npm org set <scope> <user> owner`.',
  },
  not_supported: {
    status: 403,
    title: 'The registry does not offer this part of npm.',
    remedy: 'The detail names what to do instead.',
  },
  package_not_found: {
    status: 404,
    title: 'The registry has no such package, version or tag.',
    remedy: 'Check the name; `npm search` finds what is there. A version appears once every check has passed.',
  },
  package_refused: {
    status: 422,
    title: 'The package does not pass the checks.',
    remedy: '`errors` names each rule with its evidence, what mends it and its page.',
  },
  read_only_token: {
    status: 403,
    title: 'The token may only read.',
    remedy:
      'Make one that may publish: `npm token create --packages-and-scopes-permission read-write`, with npm 10 and before `npm token create`.',
  },
  reserved_name: {
    status: 403,
    title: 'That name is reserved.',
    remedy: 'Choose another name; reserved ones belong to administrators.',
  },
  scope_not_owned: {
    status: 403,
    title: 'You do not publish under that name.',
    remedy:
      'An owner adds you with `npm org set <scope> <user> developer`; a new scope is granted by an administrator.',
  },
  sign_in_busy: {
    status: 503,
    title: 'Too many sign-ins are being checked at this moment.',
    remedy: 'Wait for `Retry-After` seconds and try again.',
  },
  stale_revision: {
    status: 409,
    title: 'The package has changed since you read it.',
    remedy: 'Run the command again: it reads the present state first.',
  },
  invalid_tag: {
    status: 400,
    title: 'The tag cannot be used so.',
    remedy: '`latest` can be moved and never removed; a tag is no version number.',
  },
  unpublish_refused: {
    status: 403,
    title: 'A published version is never removed.',
    remedy: 'Yank it: it stays for those who run it and is offered to nobody else.',
  },
  version_exists: {
    status: 409,
    title: 'That version is published already.',
    remedy: 'A version never changes: give the package a new version.',
  },
  weak_password: {
    status: 400,
    title: 'The password is too easy to guess, or too short or too long.',
    remedy:
      '`reason` says why: `length` (8 to 256 characters), `common` (one of those that are tried first) or `guessable` (made of the account, of the product or of another usual word). A sentence of your own is a good choice.',
  },
  web_login_unsupported: {
    status: 401,
    title: 'The registry has no sign-in page for the command line.',
    remedy: 'npm asks for name and password by itself; or run `npm login --auth-type=legacy`.',
  },
  key_exists: {
    status: 409,
    title: 'The key is registered already.',
    remedy: 'Make a new key: no key is ever used twice, not even by the same publisher.',
  },
  key_proof_invalid: {
    status: 400,
    title: 'The proof that the key is yours does not hold.',
    remedy:
      'Sign the proof with the key itself, within five minutes, for the publisher and the account that registers it.',
  },
  log_altered: {
    status: 503,
    title: "The registry's log is not the one that it signed before.",
    remedy:
      'Nothing is signed until an operator finds out who changed the database, and puts it right; see docs/registry.md.',
  },
  plugin_id_taken: {
    status: 409,
    title: 'Another package has that plugin id.',
    remedy: 'Choose another id in dcesop.plugin.json, and name the package after it.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'The file ends before the range that was asked for.',
    remedy: 'Ask for a range within the size that the answer names, or for the whole file.',
  },
  root_key_away: {
    status: 409,
    title: 'The root key is not on this machine.',
    remedy: 'Change the list of keys where the root key is kept, and bring keys.json and the new key back.',
  },
  second_person_required: {
    status: 403,
    title: 'This needs another person.',
    remedy: 'Somebody else with the right does the second step.',
  },
  signing_unavailable: {
    status: 503,
    title: 'The registry has no key that is good for this now.',
    remedy: 'An operator renews the list of keys or brings the missing key back; see docs/registry.md.',
  },
  decision_not_possible: {
    status: 409,
    title: 'The state of the version does not allow this decision.',
    remedy: 'The detail names the state. Read the decisions first; after a rejection its publisher appeals.',
  },
  own_plugin: {
    status: 403,
    title: 'Who publishes a plugin does not approve it.',
    remedy: 'Somebody outside of the publisher decides.',
  },
  version_yanked: {
    status: 410,
    title: 'The version was yanked for security and is given to nobody.',
    remedy: 'Take another version; the detail says why.',
  },
  bytes_differ: {
    status: 409,
    title: 'The registry has that version with other bytes.',
    remedy: 'What runs there did not come from this registry; find out where the package came from.',
  },
  incident_out_of_time: {
    status: 422,
    title: 'The incident lies in the future, or too far back.',
    remedy: 'Set the clock of the host; what is older than seven days is not reported any more.',
  },
  report_token_invalid: {
    status: 401,
    title: 'That is not the report token of an instance.',
    remedy:
      'An administrator makes one with `POST /-/dcesop/v1/instances/{id}/report-token`, and the host has it as `plugins.registry.reportToken`.',
  },
  yank_not_possible: {
    status: 409,
    title: 'The version cannot be yanked, or brought back, in this way.',
    remedy:
      '`reason` says why: `yanked_for` (a yank may become more severe, never less), `not_yanked`, or `yanked_for_ever` (a security yank: publish a new version).',
  },
} as const satisfies Record<string, ProblemKind>

/** Every code that a client of the registry can see. */
export const problems: Readonly<Record<string, ProblemKind>> = { ...routeProblems, ...registryProblems }

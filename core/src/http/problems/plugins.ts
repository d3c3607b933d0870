import type { ProblemKind } from '@dcesop/sdk-plugin/http'

/** Packages in the store and what an administrator does with plugins. */
export const pluginProblems = {
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
      '`detail` names each mistake, and the region in which it is one; `mistakes` has each with the JSON pointer to its value, the rule of JSON Schema that it breaks and what that wants. Correct what was sent, or `plugins.config` of the host, and try again.',
  },
  plugin_data_incompatible: {
    status: 409,
    title: 'The version cannot read the data that is there.',
    remedy: 'Choose a version that reads the present data, as the answer says.',
  },
  plugin_disabled: { status: 409, title: 'The plugin is disabled already.', remedy: 'Nothing is to be done.' },
  plugin_enabled: { status: 409, title: 'The plugin is enabled already.', remedy: 'Nothing is to be done.' },
  plugin_ended: {
    status: 502,
    title: 'The plugin ended while it answered.',
    remedy:
      'What was only to be read can be asked for again. Whether a change was made is not known: look first, or send it again with the same Idempotency-Key where the route takes one.',
  },
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
  plugin_out_of_range: {
    status: 409,
    title: 'The version is none of those that are wanted.',
    remedy:
      'Choose a version within `range`, or change which versions are wanted with `POST /api/admin/plugins/{id}/want`.',
  },
  plugin_pinned: {
    status: 409,
    title: 'The plugin is pinned to its version.',
    remedy:
      'The detail says why and `since` when. Whoever may move it takes the pin away with `POST /api/admin/plugins/{id}/want` first.',
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
  version_exists: {
    status: 409,
    title: 'The store has another package of that version.',
    remedy: 'A version never changes: give the package a new version.',
  },
} as const satisfies Record<string, ProblemKind>

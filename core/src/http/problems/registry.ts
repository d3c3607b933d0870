import type { ProblemKind } from '@dcesop/sdk-plugin/http'

/** What comes from a registry or a bundle, and plans made with one. */
export const registryProblems = {
  bundle_refused: {
    status: 422,
    title: 'The bundle is not believed.',
    remedy:
      '`fault` and the detail say what does not hold: a signature, an older state than was seen, or its age. Export a new one from the registry.',
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
      '`rule` says why: yanked, flagged, not approved for a region of this instance, or in a channel that is not followed where it is to be installed.',
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
} as const satisfies Record<string, ProblemKind>

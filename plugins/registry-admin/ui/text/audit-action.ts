const known: ReadonlySet<string> = new Set([
  ...[
    'install',
    'enable',
    'disable',
    'upgrade',
    'promote',
    'rollback',
    'uninstall',
    'quarantine',
    'decision',
    'configure',
    'want',
  ].map((verb) => `plugin.${verb}`),
  ...['package.put', 'canary.promote', 'canary.rollback', 'secret.use'].map((act) => `plugin.${act}`),
  ...['finding', 'refused', 'bundle'].map((act) => `plugin.registry.${act}`),
  ...['propose', 'confirm', 'release'].map((act) => `kill-switch.${act}`),
])

/** Message id of what somebody did; undefined for an action that these screens do not know yet. */
export const actionId = (action: string): string | undefined =>
  known.has(action) ? `audit.action.${action}` : undefined

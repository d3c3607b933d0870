/** What somebody chose about an uninstallation. */
export interface RemovalChoice {
  readonly reason: string
  /** The plugin's id as it was typed, when its data are to go. */
  readonly confirm?: string
}

/** The fields that do not do yet: a reason of ten characters, and exactly the plugin's id for its data. */
export function mistakesOf(plugin: string, { reason, confirm }: RemovalChoice): ('confirm' | 'reason')[] {
  return [
    ...(confirm === undefined || confirm.trim() === plugin ? [] : (['confirm'] as const)),
    ...(reason.trim().length < 10 ? (['reason'] as const) : []),
  ]
}

/** What is sent; data are dropped only with the typed id. */
export function removalBody({ reason, confirm }: RemovalChoice): object {
  const drop = confirm === undefined ? {} : { dropData: true, confirm: confirm.trim() }
  return { ...drop, reason: reason.trim() }
}

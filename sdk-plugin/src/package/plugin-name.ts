/** Whether an npm package is a plugin, by its name: `@<publisher>/dcesop-<id>`. What a plugin shares with others is not named so. */
export function isPluginName(name: string): boolean {
  return /^@[^/]+\/dcesop-/.test(name)
}

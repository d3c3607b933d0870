import type { RegistryConfig } from './config.ts'

/** Sentences about a token that nobody would ask for; its value is in none. @param source where a key's value came from */
export function reportTokenMistakes(
  { url, rootKey, reportToken }: RegistryConfig,
  source: (key: string) => string,
): string[] {
  if (reportToken === null || (url !== null && rootKey !== null)) return []
  const missing = `plugins.registry.${url === null ? 'url' : 'rootKey'}`
  return [
    `"plugins.registry.reportToken" is set (${source('plugins.registry.reportToken')}), but "${missing}" is null: there is no registry to report to.`,
  ]
}

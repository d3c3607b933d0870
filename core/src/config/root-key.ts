import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { RegistryConfig } from './config.ts'

/** Sentences about the pinned key: a registry without one could say anything. @param source where a key's value came from */
export function rootKeyMistakes({ url, rootKey }: RegistryConfig, source: (key: string) => string): string[] {
  const key = 'plugins.registry.rootKey'
  if (rootKey === null) {
    if (url === null) return []
    return [
      `"${key}" is null (${source(key)}), but it must be the file of the registry's public root key, since "plugins.registry.url" is set.`,
    ]
  }
  const told = `"${key}" is ${JSON.stringify(rootKey)} (${source(key)}), but it`
  try {
    const pem = readFileSync(rootKey, 'utf8')
    if (!/^-----BEGIN PUBLIC KEY-----/.test(pem.trim()))
      return [`${told} must hold a public key in PEM, and nothing else.`]
    createPublicKey(pem)
    return []
  } catch (error) {
    return [`${told} cannot be read as a public key: ${(error as Error).message}.`]
  }
}

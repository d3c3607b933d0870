import type { IntegrityRegistry } from './integrity-registry.ts'

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown
}

/** The default policy lets a script URL pass only when its integrity is known; text into HTML or code sinks never passes. */
export function installTrustedTypes(registry: IntegrityRegistry): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypesFactory }
  trustedTypes?.createPolicy('default', {
    createScriptURL(url) {
      registry.of(url)
      return url
    },
  })
}

import type { IntegrityRegistry } from './integrity-registry.ts'

declare global {
  /** Called by the loaders inside the shell's and the plugins' bundles; throws for an unknown URL. */
  var __DCESOP_SRI__: ((url: string) => string) & { readonly registry: IntegrityRegistry }
}

/** Puts the registry where the loaders of every bundle look for it, once and for the life of the page. */
export function installIntegrity(registry: IntegrityRegistry): void {
  const lookUp = Object.freeze(Object.assign((url: string) => registry.of(url), { registry }))
  Object.defineProperty(globalThis, '__DCESOP_SRI__', { value: lookUp, writable: false, configurable: false })
}

export function integrity(): IntegrityRegistry {
  return globalThis.__DCESOP_SRI__.registry
}

import { toDisposable } from '../backend/disposable.ts'
import type { CapabilitiesPort } from '../backend/ports.ts'
import { capabilityHandle } from '../host/index.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { requireDeclared } from './declared.ts'

const providers = new WeakMap<object, { plugin: string; capabilities: Set<string> }>()

/** The plugin under test whose backend provided this object under that name; undefined for a stand-in. */
export function providerOf(implementation: object, capability: string): string | undefined {
  const found = providers.get(implementation)
  return found?.capabilities.has(capability) ? found.plugin : undefined
}

/** What the plugin provides, and who answers for what it consumes. */
export function createTestCapabilities(manifest: PluginManifest, given: Readonly<Record<string, object>>) {
  const provided = new Map<string, object>()
  const consumed = new Map(Object.entries(given))
  const port: CapabilitiesPort = {
    provide(capability, implementation) {
      requireDeclared(Object.keys(manifest.provides ?? {}), capability, 'provides')
      provided.set(capability, implementation)
      const { capabilities } = providers.get(implementation) ?? { capabilities: new Set() }
      providers.set(implementation, { plugin: manifest.id, capabilities: capabilities.add(capability) })
      return toDisposable(() => void provided.delete(capability))
    },
    consume<T extends object>(capability: string) {
      const names = (manifest.consumes ?? []).map((one) => one.capability)
      requireDeclared(names, capability, 'consumes')
      return capabilityHandle<T>(capability, () => {
        const implementation = consumed.get(capability)
        return implementation && { implementation, provider: 'test', run: async (call) => call() }
      })
    },
  }
  const capability = <T extends object>(name: string): T => {
    const found = provided.get(name)
    if (!found) throw new Error(`The plugin does not provide "${name}" now.`)
    return found as T
  }
  /** Lets a provider come, change or (undefined) go while the plugin runs. */
  const give = (name: string, implementation: object | undefined): void => {
    if (implementation) consumed.set(name, implementation)
    else consumed.delete(name)
  }
  return { port, capability, give }
}

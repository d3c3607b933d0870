import { installIntegrity } from '../integrity/global.ts'
import { createIntegrityRegistry } from '../integrity/integrity-registry.ts'
import { installTrustedTypes } from '../integrity/trusted-types.ts'
import { applyAppearance, loadAppearance } from '../preferences/appearance.ts'

// Runs before the first paint and before any other script.
applyAppearance(
  document.documentElement,
  loadAppearance({ getItem: (key) => localStorage.getItem(key) }, navigator.languages),
  (query) => matchMedia(query).matches,
)

const registry = createIntegrityRegistry(location.origin)
const assets = document.querySelector<HTMLMetaElement>('meta[name="dcesop-assets"]')
if (assets === null) throw new Error('index.html lacks the list of assets')
registry.add('/', JSON.parse(assets.content) as Record<string, string>)
installIntegrity(registry)
installTrustedTypes(registry)

import type { Check, Contents, Finding } from '../check.ts'
import { finding } from '../findings.ts'

const atInstall = ['preinstall', 'install', 'postinstall']

/** Nothing of this registry runs code on the machine of whoever installs it. */
export const installScriptsCheck: Check<Contents> = {
  id: 'install-scripts',
  run({ kind, packageJson, files }): Finding[] {
    // The same code refuses it for plugins, with more.
    if (kind === 'plugin') return []
    const scripts = Object.keys((packageJson['scripts'] ?? {}) as object).filter((name) => atInstall.includes(name))
    const found = scripts.map((name) => finding('install-script.script', { name }))
    // npm runs node-gyp by itself where this file is.
    return files.has('binding.gyp') ? [...found, finding('install-script.gyp')] : found
  },
}

import type { Check, Contents, Finding } from '../check.ts'

const atInstall = ['preinstall', 'install', 'postinstall']

/** Nothing of this registry runs code on the machine of whoever installs it. */
export const installScriptsCheck: Check<Contents> = {
  id: 'install-scripts',
  run({ kind, packageJson, files }): Finding[] {
    // The same code refuses it for plugins, with more.
    if (kind === 'plugin') return []
    const scripts = Object.keys((packageJson['scripts'] ?? {}) as object).filter((name) => atInstall.includes(name))
    const found = scripts.map((name) => `package.json has the script "${name}".`)
    // npm runs node-gyp by itself where this file is.
    if (files.has('binding.gyp')) found.push('"binding.gyp" makes npm compile at installation.')
    return found.map((evidence) => ({
      rule: 'install-script',
      evidence,
      fix: 'Do the work before publishing, and ship its result.',
    }))
  },
}

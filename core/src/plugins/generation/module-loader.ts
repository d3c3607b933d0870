import * as sdk from '@dcesop/sdk-plugin'
import mongoose from 'mongoose'
import { createRequire, isBuiltin } from 'node:module'
import nodeTimers from 'node:timers'
import vm from 'node:vm'
import { sourceName } from './attribution.ts'
import { tellingModules } from './opened.ts'
import { ownTimers } from './own-timers.ts'

/** What a plugin file may require besides Node's own modules. mongoose and the driver are the host's, so that sessions fit. */
const externals: Readonly<Record<string, unknown>> = {
  '@dcesop/sdk-plugin': sdk,
  mongoose,
  mongodb: mongoose.mongo,
}

/** In a function of its own, so that a file may have variables of the names that are lent as globals. */
const head = 'return function (exports, require, module, __filename, __dirname) {'

const requireBuiltin = createRequire(process.execPath)

/**
 * Compiles one bundled CommonJS file and gives back its exports. No module cache sees it, so the code is freed with the
 * generation; `import()` is refused, as ES modules cannot be unloaded.
 * @throws whatever the file throws while it is evaluated, or an Error that names a module it may not require
 */
export function loadModule(plugin: string, version: string, path: string, code: string): unknown {
  const timers = ownTimers(plugin, version)
  const compiled = vm.compileFunction(`${head}${code}\n}`, Object.keys(timers), {
    filename: sourceName(plugin, version, path),
    columnOffset: -head.length,
  }) as (...parameters: unknown[]) => (...parameters: unknown[]) => void
  const run = compiled(...Object.values(timers))
  const module = { exports: {} as unknown }
  const own: Readonly<Record<string, object>> = {
    ...tellingModules(`${plugin}@${version}`),
    timers: { ...nodeTimers, ...timers },
  }
  const require = (name: string): unknown => {
    if (Object.hasOwn(externals, name)) return externals[name]
    if (isBuiltin(name)) return own[name.replace(/^node:/, '')] ?? requireBuiltin(name)
    throw new Error(
      `Plugin "${plugin}" ${version} requires "${name}", which the host does not lend. ` +
        `Bundle it into ${path}; only ${Object.keys(externals).join(', ')} and Node's own modules are external.`,
    )
  }
  run(module.exports, require, module, path, '.')
  return module.exports
}

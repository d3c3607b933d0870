import { ModernFakeTimers } from '@jest/fake-timers'
import { ModuleMocker } from 'jest-mock'
import { createRequire, flushCompileCache } from 'node:module'

const require = createRequire(import.meta.url)
const vm = require('node:vm')
const { compileFunction } = vm
/** Node has no name for its own context, and takes that where none is given. */
const nodesOwn = {}
vm.compileFunction = (source, parameters, { parsingContext, ...options }) =>
  compileFunction(source, parameters, parsingContext === nodesOwn ? options : { ...options, parsingContext })

const { exit, getBuiltinModule } = process
globalThis.requireNatively = require
/** Where Jest's runner keeps who listens to tests, and what it knows of them. */
const runners = ['EVENT_HANDLERS', 'JEST_STATE_SYMBOL']

/**
 * Specs run in Node's own realm, as the product does: packages are loaded once for each worker instead of once for each spec, and an
 * error that one of them throws is an `Error` for the spec too. What Jest and specs change in the process is put back.
 */
export default class OneRealm {
  global = globalThis
  fakeTimers = null
  #environment = { ...process.env }

  constructor({ projectConfig }) {
    this.moduleMocker = new ModuleMocker(globalThis)
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis })
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose()
    Object.assign(process, { exit, getBuiltinModule })
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name]
    Object.assign(process.env, this.#environment)
    // The listeners of each spec would hear, and report, all tests after it, and keep what it loaded in memory.
    for (const name of Object.getOwnPropertySymbols(globalThis))
      if (runners.includes(name.description)) delete globalThis[name]
    // Node would write it when the worker ends, for which Jest gives half a second: the worker was killed, and nothing kept.
    flushCompileCache()
  }

  exportConditions() {
    return ['node', 'node-addons']
  }

  getVmContext() {
    return nodesOwn
  }
}

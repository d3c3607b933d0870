import Runtime from 'jest-runtime'
import { createRequire } from 'node:module'

/** Jest's runner begins anew with each spec; what it is made of (`expect`, diffs, formats) is loaded once for each worker. */
class OneRuntime extends Runtime {
  requireInternalModule(from, name) {
    return name === undefined ? super.requireInternalModule(from) : createRequire(from)(name)
  }
}

// Jest asks for the class itself.
export { OneRuntime as 'module.exports' }

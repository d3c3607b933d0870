import nodeTimers from 'node:timers'
import { promisify } from 'node:util'
import { ran } from './loop-time.ts'
import { tellTimer } from './opened.ts'

type Callback = (this: unknown, ...params: unknown[]) => unknown
type Start = (callback: Callback, ...rest: unknown[]) => unknown

const starts = ['setTimeout', 'setInterval', 'setImmediate'] as const

/** The timers that a plugin's code finds as globals and in `node:timers`: for how long they hold the event loop is charged to it. */
export function ownTimers(plugin: string, version: string): Readonly<Record<(typeof starts)[number], Start>> {
  const charged = (callback: Callback): Callback =>
    function (...params) {
      ran(undefined)
      let result: unknown
      try {
        result = callback.apply(this, params)
      } finally {
        ran(plugin, version)
      }
      // Not `then`: a rejection that nobody handles is to stay one.
      if (result instanceof Promise) void result.finally(() => ran(plugin, version))
    }
  const own = (name: (typeof starts)[number]): Start => {
    const start = nodeTimers[name] as unknown as Start
    const wrapped: Start = (callback, ...rest) => {
      // What is no function is for Node to refuse.
      const timer = start(typeof callback === 'function' ? charged(callback) : callback, ...rest)
      return name === 'setImmediate' ? timer : tellTimer(`${plugin}@${version}`, name === 'setTimeout', timer)
    }
    return Object.assign(wrapped, { [promisify.custom]: (start as { [promisify.custom]?: unknown })[promisify.custom] })
  }
  return { setTimeout: own('setTimeout'), setInterval: own('setInterval'), setImmediate: own('setImmediate') }
}

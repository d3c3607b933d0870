import { channel } from 'node:diagnostics_channel'
import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import timersPromises from 'node:timers/promises'

/** Something that plugin code opened by a function that it is lent, told on {@link opened}. */
export interface Opened {
  /** The plugin and version, as `id@version`. */
  readonly owner: string
  readonly kind: 'timers' | 'watchers'
  /** It ends by itself. */
  readonly once: boolean
  isThere(): boolean
}

/** Node itself tells of sockets, servers and processes on such channels, but not of timers and watchers. */
export const opened = channel('dcesop.plugin.opened')

type Loose = (...params: unknown[]) => unknown

const tell = (one: Opened) => opened.publish(one)

/** Tells of a timer; gives it back. */
export function tellTimer<T>(owner: string, once: boolean, timer: T): T {
  tell({ owner, kind: 'timers', once, isThere: () => !(timer as { readonly _destroyed: boolean })._destroyed })
  return timer
}

/** The modules of Node with which one opens timers and watchers, telling of each. */
export function tellingModules(owner: string): Readonly<Record<string, object>> {
  const steps = stepsOf(owner)
  const promises = replaced(fsPromises, {
    watch: (...params) => steps('watchers', (fsPromises.watch as Loose)(...params)),
  })
  const started =
    (name: 'watch' | 'watchFile', end: string): Loose =>
    (...params) => {
      const watcher = (fs[name] as Loose)(...params) as NodeJS.EventEmitter
      let open = true
      watcher.once(end, () => (open = false))
      tell({ owner, kind: 'watchers', once: false, isThere: () => open })
      return watcher
    }
  return {
    fs: replaced(fs, { promises, watch: started('watch', 'close'), watchFile: started('watchFile', 'stop') }),
    'fs/promises': promises,
    'timers/promises': replaced(timersPromises, {
      setInterval: (...params) => steps('timers', (timersPromises.setInterval as Loose)(...params)),
      setTimeout: async (...params) => {
        let waits = true
        tell({ owner, kind: 'timers', once: true, isThere: () => waits })
        try {
          return await (timersPromises.setTimeout as Loose)(...params)
        } finally {
          waits = false
        }
      },
    }),
  }
}

/** Steps that are told of from the first that is asked for until they end. */
function stepsOf(owner: string) {
  return async function* steps(kind: Opened['kind'], inner: unknown): AsyncGenerator {
    let open = true
    tell({ owner, kind, once: false, isThere: () => open })
    try {
      yield* inner as AsyncIterable<unknown>
    } finally {
      open = false
    }
  }
}

/** A copy with other members; what is read through a getter stays so, as some of Node's warn. */
function replaced(module: object, members: Record<string, object | Loose>): object {
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(module))
  for (const [name, value] of Object.entries(members)) Object.defineProperty(copy, name, { value, enumerable: true })
  return copy
}

import { expectShortLives } from '@dcesop/sdk-plugin/host'
import { Socket } from 'node:net'
import { type Handlers, Peer } from '../channel/peer.ts'
import { encodeError } from '../channel/sent-error.ts'
import { fromHost } from '../limits.ts'
import type { Availability, Init, Listeners, Times } from '../protocol.ts'
import { hostLog } from './host-ports.ts'
import { HostedPlugin } from './hosted-plugin.ts'

/** A plugin's process: the host speaks first, on descriptor 3. It ends with the host. */
function main(): void {
  const channel = new Socket({ fd: 3, readable: true, writable: true })
  let plugin: HostedPlugin | undefined
  const started = () => {
    if (plugin) return plugin
    throw new Error('The plugin was not started.')
  }
  const handlers: Handlers = {
    start(init: Init) {
      plugin = new HostedPlugin(init, peer)
      return plugin.start()
    },
    invoke: (id: number, params: readonly unknown[]) => started().invoke(id, params),
    abort: (run: number) => started().abort(run),
    available: (now: Availability) => started().available(now),
    listeners: (now: Listeners) => started().listeners(now),
    /** @returns nothing: the answer itself says that the process is not stuck */
    beat: (times: Times) => plugin?.setTimes(times),
    stop: () => plugin?.stop(),
  }
  const peer = new Peer(channel, handlers, fromHost, {
    closed: () => process.exit(),
    failed: (method, error) => hostLog(peer).error({ err: error, method }, 'a note of the host could not be followed'),
  })
  // As inline: code that leaves something uncaught is charged for it and goes on.
  const uncaught = (error: unknown) => peer.note('uncaught', encodeError(error))
  process.on('uncaughtException', uncaught)
  process.on('unhandledRejection', uncaught)
}

expectShortLives()
main()

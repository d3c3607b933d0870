import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { pathOnly } from '../path-only.ts'
import type { Order, Told } from './orders.ts'

/** Of what one process prints in a second. */
const mostOutputBytes = 16_384
/** How long it outlives the host at most. */
const goneCheckMs = 500

/** The launcher's program: it starts what the host orders, and ends with the host. */
function main(): void {
  process.on('message', (order: Order) => launch(order))
  process.on('disconnect', () => process.exit())
  // Node does not tell of it where a descriptor was on its way.
  setInterval(() => process.connected || process.exit(), goneCheckMs).unref()
  // Who stops the host means the host, which first lets plugins finish what they have begun.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
}

function launch({ id, command, args }: Order): void {
  const child = spawn(command, args, {
    env: pathOnly(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  child.once('error', ({ message }) => tell({ id, failed: message }))
  if (child.pid === undefined) return
  tell({ id, pid: child.pid }, child.stdio[3] as Socket)
  child.once('exit', (code, signal) => tell({ id, exited: signal ?? String(code) }))
  const outputs = [child.stdout, child.stderr].map((output) => report(id, output as Readable))
  void Promise.all(outputs).then(() => tell({ id, silent: true }))
}

/** Only so much in a second; the rest is read away so that the process does not wait for us. Resolves at the end of the output. */
function report(id: number, output: Readable): Promise<void> {
  let left = mostOutputBytes
  const refill = setInterval(() => (left = mostOutputBytes), 1000).unref()
  const ended = Promise.withResolvers<void>()
  output.once('close', () => {
    clearInterval(refill)
    ended.resolve()
  })
  output.on('data', (chunk: Buffer) => {
    if (left > 0) tell({ id, output: chunk.toString('utf8', 0, left) })
    left -= chunk.length
  })
  return ended.promise
}

function tell(told: Told, handle?: Socket): void {
  // A host that is gone needs no answer: the channel's end ends this process too.
  process.send?.(told, handle, {}, () => undefined)
}

main()

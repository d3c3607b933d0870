import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { RegistryConfig } from '../../config/config.ts'
import type { PluginHostDeps } from '../host-types.ts'

/** A plugin host in a process of its own, on the databases of `startData`. */
export interface HostProcess {
  readonly origin: string
  readonly process: ChildProcess
  /** Resolves when it has ended, with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>
  /** With the step-up that an administrator's request takes. @param seen tag of `If-Match` */
  request(
    method: string,
    path: string,
    as?: string,
    body?: unknown,
    seen?: string,
  ): Promise<{ status: number; json: Answer }>
  /** SIGKILL. */
  kill(): Promise<void>
}

type Answer = Record<string, unknown>

/** What its process is told, as JSON. */
type HostChange = Omit<Partial<PluginHostDeps>, 'registry'> & { readonly registry?: RegistryConfig }

const nodeOptions = [
  // So that one which fills its memory does so soon.
  '--max-old-space-size=200',
  // A start is all that most of them do, and a seventh of it went to threads that collect garbage side by side.
  '--single-threaded-gc',
]

const program = (options: object) => `
  const { Harness, connectData } = await import(${JSON.stringify(join(import.meta.dirname, 'harness.ts'))})
  // Most of these are killed, which would leave nothing compiled for the next.
  ;(await import('node:module')).flushCompileCache()
  const { uri, prefix, change: { registry, ...change } } = ${JSON.stringify(options)}
  const { data } = await connectData(uri, prefix)
  const settings = registry && (await import(${JSON.stringify(join(import.meta.dirname, '../registry/settings.ts'))})).registrySettings
  const { AuditLog } = await import(${JSON.stringify(join(import.meta.dirname, '../../audit/audit-log.ts'))})
  const audit = new AuditLog(data, { now: () => new Date() })
  const harness = await Harness.start(data, { audit, ...change, ...(registry && { registry: settings(registry, data.regions) }) })
  process.on('message', ([operation, parameters]) => { harness.stepUp.grant(operation, parameters); process.send('granted') })
  console.log('listening on ' + harness.origin)`

/** A host that is expected to go down. @returns the signal that ended it */
export function hostThatEnds(
  database: { readonly uri: string; readonly prefix: string },
  change: HostChange,
): Promise<NodeJS.Signals | null> {
  const { ended, listening } = spawnHost(database, change)
  listening.catch(() => undefined)
  return ended
}

/** @throws Error with what it printed when it ends before it listens */
export async function startHostProcess(
  database: { readonly uri: string; readonly prefix: string },
  change: HostChange,
): Promise<HostProcess> {
  const { child, ended, listening } = spawnHost(database, change)
  const origin = await listening
  const grant = (operation: string, parameters: object) =>
    new Promise<void>((resolve) => {
      child.once('message', () => resolve())
      child.send([operation, parameters])
    })
  return {
    origin,
    process: child,
    ended,
    async request(method, path, as = 'agent', body, seen) {
      const operation = method === 'POST' ? operationOf(path) : undefined
      if (operation) await grant(operation.name, { ...operation.target, ...(body as object) })
      const raw = Buffer.isBuffer(body)
      const response = await fetch(origin + path, {
        method,
        headers: {
          'x-user': as,
          ...(seen === undefined ? {} : { 'if-match': `"${seen}"` }),
          ...(body === undefined ? {} : { 'content-type': raw ? 'application/gzip' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, json: text.startsWith('{') ? (JSON.parse(text) as Answer) : {} }
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What an administrator confirms by step-up, beside the body. */
function operationOf(path: string): { name: string; target: object } | undefined {
  const [, plugin, verb] = /^\/api\/admin\/plugins\/([^/]+)\/([a-z]+)$/.exec(path) ?? []
  if (plugin !== undefined) return { name: `plugin.${verb}`, target: { id: plugin } }
  const order = /^\/api\/admin\/kill-switch(?:\/([^/]+)\/([a-z]+))?$/.exec(path)
  if (!order) return undefined
  const [, id, act = 'propose'] = order
  return { name: `kill-switch.${act}`, target: id === undefined ? {} : { id } }
}

function spawnHost(database: { readonly uri: string; readonly prefix: string }, change: HostChange) {
  const { uri, prefix } = database
  const child = spawn(
    process.execPath,
    [...nodeOptions, '--input-type=module', '-e', program({ uri, prefix, change })],
    {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  )
  const lines: string[] = []
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream as NodeJS.ReadableStream }).on('line', (line) => {
        lines.push(line)
        const match = /^listening on (.+)$/.exec(line)
        if (match) resolve(match[1] as string)
      })
    void ended.then((signal) =>
      reject(new Error(`The host ended (${signal}) before it listened:\n${lines.join('\n')}`)),
    )
  })
  return { child, ended, listening }
}

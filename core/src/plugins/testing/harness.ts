import Hapi from '@hapi/hapi'
import mongoose, { type Connection, type ConnectOptions } from 'mongoose'
import { mkdtemp, rm } from 'node:fs/promises'
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Strangers } from '../../audit/strangers.ts'
import { installGate } from '../../http/gate.ts'
import { applyProblems } from '../../http/problem-response.ts'
import { RateLimits } from '../../http/rate-limits.ts'
import { splitListener } from '../../http/raw-door.ts'
import type { DataPlatform } from '../../ports.ts'
import type { PluginHost, PluginHostDeps } from '../host-types.ts'
import { createPluginHost } from '../plugin-host.ts'
import {
  grantedStepUp,
  headerAuthenticator,
  identityPolicy,
  recordingAudit,
  recordingHub,
  recordingLog,
} from './test-doubles.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly json: Record<string, unknown>
}

export interface CallOptions {
  readonly as?: string | undefined
  readonly body?: unknown
  readonly raw?: string | Buffer
  readonly headers?: OutgoingHttpHeaders
}

/**
 * A database of its own with one database for the platform and one for each of two regions.
 * @param options of the driver, for example a shorter heartbeat
 */
export async function startData(options: ConnectOptions = {}) {
  // Not needed, and not loaded, by the processes that only use these databases.
  const { startTestServer } = await import('@dcesop/embedded-db/testing')
  const server = await startTestServer()
  const { uri, prefix } = server
  const { data, close } = await connectData(uri, prefix, options)
  return {
    data,
    /** For hosts in other processes. */
    uri,
    prefix,
    async stop() {
      await close()
      await server.stop()
    },
  }
}

/** The databases of `startData`, from another process. */
export async function connectData(
  uri: string,
  prefix: string,
  options: ConnectOptions = {},
): Promise<{ data: DataPlatform; close(): Promise<void> }> {
  const core = await mongoose
    .createConnection(uri, { dbName: `${prefix}core`, autoIndex: false, autoCreate: false, ...options })
    .asPromise()
  const regions = new Map<string, Connection>(
    ['br', 'mx'].map((id) => [id, core.useDb(`${prefix}${id}`, { useCache: true })]),
  )
  const data: DataPlatform = { core, regions: [...regions.keys()], region: (id) => regions.get(id) as Connection }
  return { data, close: () => core.close() }
}

const noLimits = {
  requestsPerMinutePerIdentity: 1e6,
  requestsPerMinutePerAddress: 1e6,
  signInsPerMinutePerAddress: 1e6,
  connectionsPerAddress: 1e6,
}

/** A plugin host behind a real listener, with the front door's own gate and problems. */
export class Harness {
  readonly host: PluginHost
  readonly origin: string
  readonly audit = recordingAudit()
  readonly stepUp = grantedStepUp()
  readonly hub = recordingHub()
  readonly log = recordingLog()
  readonly authenticator = headerAuthenticator()
  readonly #agent = new Agent({ keepAlive: true })
  readonly #close: () => Promise<void>

  private constructor(host: PluginHost, origin: string, doubles: Partial<Harness>, close: () => Promise<void>) {
    this.host = host
    this.origin = origin
    Object.assign(this, doubles)
    this.#close = close
  }

  /** @param dataDir of a host that stopped before; otherwise a new folder that is removed at the end */
  static async start(
    data: DataPlatform,
    change: Partial<PluginHostDeps> = {},
    limits: Partial<typeof noLimits> = {},
  ): Promise<Harness> {
    const dataDir = change.dataDir ?? (await mkdtemp(join(tmpdir(), 'pluginhost-')))
    const [audit, stepUp, hub, log, authenticator] = [
      recordingAudit(),
      grantedStepUp(),
      recordingHub(),
      recordingLog(),
      headerAuthenticator(),
    ]
    const engines = { dcesop: '0.1.0', sdk: '0.1.0', node: process.versions.node }
    const clock = { now: () => new Date() }
    const strangers = new Strangers(audit)
    const host = await createPluginHost({
      dataDir,
      firstInstall: 'all',
      publicOrigin: null,
      engines,
      authenticator,
      policy: identityPolicy,
      audit,
      strangers,
      stepUp,
      data,
      realtime: hub,
      clock,
      log,
      ...change,
    })
    // On a busy machine a client would ask on a connection that was idle for just too long, and is being closed.
    const listener = createServer({ keepAliveTimeout: 0 })
    const server = Hapi.server({
      listener: splitListener(listener, host.dispatch, log),
      autoListen: false,
      operations: { cleanStop: false },
      debug: false,
      routes: { state: { parse: false, failAction: 'ignore' } },
    })
    applyProblems(server, log)
    installGate(server, {
      authenticator,
      policy: identityPolicy,
      audit,
      strangers,
      limits: new RateLimits({ ...noLimits, ...limits }),
      publicOrigin: null,
    })
    for (const routes of host.routes) await routes.register(server)
    await server.start()
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const close = async () => {
      await host.stop()
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
      await server.stop({ timeout: 0 })
      if (change.dataDir === undefined) await rm(dataDir, { recursive: true, force: true })
    }
    await host.start().catch(async (error: unknown) => {
      await close()
      throw error
    })
    const origin = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
    return new Harness(host, origin, { audit, stepUp, hub, log, authenticator }, close)
  }

  /** A request as any client makes it; `as` is `agent`, `guest`, `admin` (also `agent-7@mx`), or nobody. */
  call(method: string, path: string, { as = 'agent', body, raw, headers = {} }: CallOptions = {}): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const chunked = headers['transfer-encoding'] === 'chunked'
    const length = content === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(content) }
    const type = content === undefined ? {} : { 'content-type': 'application/json', ...length }
    return new Promise((resolve, reject) => {
      const request = httpRequest(
        `${this.origin}`,
        { method, path, agent: this.#agent, headers: { ...(as ? { 'x-user': as } : {}), ...type, ...headers } },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const isJson = /json/.test(response.headers['content-type'] ?? '') && text.startsWith('{')
            resolve({
              status: response.statusCode as number,
              headers: response.headers,
              text,
              json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
            })
          })
        },
      )
      request.on('error', reject)
      request.end(content)
    })
  }

  /** Uploads a package as an administrator. */
  upload(tarball: Buffer): Promise<Answer> {
    return this.call('POST', '/api/admin/packages', {
      as: 'admin',
      raw: tarball,
      headers: { 'content-type': 'application/gzip' },
    })
  }

  /** Changes a plugin as an administrator who has confirmed with the second factor. */
  change(verb: string, id: string, body: object = {}, as = 'admin'): Promise<Answer> {
    this.stepUp.grant(`plugin.${verb}`, { id, ...body })
    return this.call('POST', `/api/admin/plugins/${id}/${verb}`, { as, body })
  }

  /** Uploads and installs; fails loudly when that fails. */
  async install(tarball: Buffer): Promise<Answer> {
    const put = await this.upload(tarball)
    if (put.status !== 201) throw new Error(`Upload failed: ${put.text}`)
    return this.change('install', put.json['id'] as string, { version: put.json['version'] as string })
  }

  /** One plugin as an administrator sees it. */
  async view(id: string): Promise<Record<string, unknown>> {
    return (await this.call('GET', `/api/admin/plugins/${id}`, { as: 'admin' })).json
  }

  /** Looks until `found` holds. */
  async until(found: () => Promise<boolean>): Promise<void> {
    while (!(await found())) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  /** Until the host or a plugin has logged it, for example that a request is under way. */
  said(message: string): Promise<void> {
    return this.until(() => Promise.resolve(this.log.lines.some((line) => line.message === message)))
  }

  async stop(): Promise<void> {
    this.#agent.destroy()
    await this.#close()
  }
}

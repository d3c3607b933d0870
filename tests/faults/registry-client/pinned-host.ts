import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Answer, Harness, startData } from '../../../core/src/plugins/testing/harness.ts'
import type { RegistrySettings } from '../../../core/src/plugins/registry/settings.ts'
import { type MeddlingProxy, startMeddlingProxy } from '../../support/meddling-proxy.ts'
import { Partner, type Release } from '../../support/partner.ts'
import { type RegistryProcess, startRegistryProcess } from '../../support/registry.ts'
import { registrySettings } from '../../support/registry-settings.ts'

/** Status and code of an answer. */
export const said = ({ status, json }: Answer) => [status, json['code']]

interface World {
  readonly registry: RegistryProcess
  readonly proxy: MeddlingProxy
  readonly acme: Partner
  readonly settings: RegistrySettings
  readonly data: Awaited<ReturnType<typeof startData>>
  readonly dataDir: string
}

/** The registry as a process, somebody in between, and a host that pins the registry's root key. */
export class PinnedHost {
  readonly registry: RegistryProcess
  readonly proxy: MeddlingProxy
  readonly acme: Partner
  readonly settings: RegistrySettings
  /** How far the host's clock is ahead, ms. */
  ahead = 0
  readonly clock = { now: () => new Date(Date.now() + this.ahead) }
  readonly #data: World['data']
  readonly #dataDir: string
  #host: Harness | undefined

  private constructor({ registry, proxy, acme, settings, data, dataDir }: World) {
    this.registry = registry
    this.proxy = proxy
    this.acme = acme
    this.settings = settings
    this.#data = data
    this.#dataDir = dataDir
  }

  static async start(): Promise<PinnedHost> {
    const [registry, data] = await Promise.all([startRegistryProcess(), startData()])
    const dataDir = await mkdtemp(path.join(tmpdir(), 'dcesop-client-'))
    const proxy = await startMeddlingProxy(registry.url)
    const settings = { ...registrySettings(registry, proxy.url), reportToken: await reportToken(registry) }
    const acme = await Partner.join(registry, 'acme')
    const pinned = new PinnedHost({ registry, proxy, acme, settings, data, dataDir })
    await pinned.#boot()
    return pinned
  }

  get host(): Harness {
    if (!this.#host) throw new Error('The host was not started.')
    return this.#host
  }

  async restart(): Promise<void> {
    await this.host.stop()
    await this.#boot()
  }

  /** The right time, and an honest network. */
  calm(): void {
    this.ahead = 0
    this.proxy.down = false
    this.proxy.meddle = undefined
  }

  async stop(): Promise<void> {
    await this.#host?.stop()
    await this.proxy.stop()
    await this.registry.dispose()
    await this.#data.stop()
    await rm(this.#dataDir, { recursive: true, force: true })
  }

  release(id: string, version = '1.0.0', { partner = this.acme, ...more }: Release & { partner?: Partner } = {}) {
    return partner.release(id, version, more)
  }

  fromRegistry(verb: 'install' | 'upgrade', id: string, version = '1.0.0', more: object = {}): Promise<Answer> {
    return this.host.change(verb, id, { version, from: 'registry', ...more })
  }

  admin(method: string, where: string, body?: unknown, as = 'admin'): Promise<Answer> {
    return this.host.call(method, where, { as, body })
  }

  refresh(): Promise<Answer> {
    return this.admin('POST', '/api/admin/registry/refresh')
  }

  /** The version that a person gets, or the status when they get none. */
  async served(id: string): Promise<unknown> {
    const { status, json } = await this.host.call('GET', `/api/plugins/${id}/version`)
    return status === 200 ? json['version'] : status
  }

  /** Packages of a plugin in the host's store. */
  async stored(id: string): Promise<object[]> {
    const { json } = await this.admin('GET', '/api/admin/plugins')
    return (json['packages'] as { id: string }[]).filter((one) => one.id === id)
  }

  async #boot(): Promise<void> {
    const { settings: registry, clock } = this
    this.#host = await Harness.start(this.#data.data, { dataDir: this.#dataDir, registry, clock, reportsMs: 100 })
  }
}

/** What an administrator of the registry makes for the instance. */
async function reportToken(registry: RegistryProcess): Promise<string> {
  const admin = await registry.token('registry-admin.br', 'demo registry-admin.br only')
  const instance = `${registry.url}/-/dcesop/v1/instances/br-1`
  const headers = { authorization: `Bearer ${admin}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ regions: ['br'], dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0' })
  await fetch(instance, { method: 'PUT', headers, body })
  const answer = await fetch(`${instance}/report-token`, { method: 'POST', headers })
  if (answer.status !== 201) throw new Error(`No report token: ${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}

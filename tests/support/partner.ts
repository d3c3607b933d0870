import { createHash } from 'node:crypto'
import { newPublisherKey, readPrivateKey, signEnvelope } from '@dcesop/sdk-plugin/signing'
import { type Fixture, packFixture, route } from '../../core/src/plugins/testing/fixture-plugin.ts'
import type { RegistryProcess } from './registry.ts'

const own = '/-/dcesop/v1'

const tokens = new WeakMap<RegistryProcess, Map<string, Promise<string>>>()

/** The token of somebody of the demo, who signs in once. */
function demoToken(registry: RegistryProcess, user: string): Promise<string> {
  const known = tokens.get(registry) ?? new Map<string, Promise<string>>()
  tokens.set(registry, known)
  const token = known.get(user) ?? registry.token(user, `demo ${user} only`)
  known.set(user, token)
  return token
}

/** Talks to a registry; anything but success is an error. */
async function send<T>(
  { url }: RegistryProcess,
  token: string,
  method: string,
  path: string,
  body: object,
): Promise<T> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export type Release = Omit<Fixture, 'id' | 'version'> & { readonly signed?: boolean; readonly approved?: boolean }

export interface Yanking {
  readonly class: 'security' | 'legal' | 'defect' | 'withdrawn'
  readonly reason: string
  readonly deadline?: string
}

/** A partner with a scope and a verified key, and what people of the registry do with its plugins. */
export class Partner {
  readonly scope: string
  readonly keyId: string
  readonly privateKey: string
  readonly #registry: RegistryProcess
  readonly #token: string

  private constructor(
    registry: RegistryProcess,
    scope: string,
    token: string,
    key: { keyId: string; privateKey: string },
  ) {
    this.#registry = registry
    this.scope = scope
    this.#token = token
    this.keyId = key.keyId
    this.privateKey = key.privateKey
  }

  /** Signs up, is given its scope, registers a key with proof, and has it verified. */
  static async join(registry: RegistryProcess, scope: string): Promise<Partner> {
    const [token, admin] = [await registry.token(scope), await demoToken(registry, 'registry-admin')]
    await send(registry, admin, 'PUT', `/-/org/${scope}/user`, { user: scope, role: 'owner' })
    const key = newPublisherKey()
    const claim = { publisher: scope, account: scope, keyid: key.keyId, at: new Date().toISOString() }
    const type = 'application/vnd.dcesop.key-proof+json'
    const proof = signEnvelope(type, Buffer.from(JSON.stringify(claim)), [readPrivateKey(key.privateKey)])
    const path = `${own}/publishers/${scope}/keys`
    await send(registry, token, 'POST', path, { publicKey: key.publicKey, proof })
    await send(registry, admin, 'POST', `${path}/${encodeURIComponent(key.keyId)}/verification`, {})
    return new Partner(registry, scope, token, key)
  }

  /** The next release of a plugin with a route that tells its version, signed and approved unless said otherwise. */
  async release(id: string, version: string, { signed = true, approved = true, ...more }: Release = {}): Promise<void> {
    const fixture: Fixture = {
      id,
      version,
      routes: [route('GET', '/version')],
      start:
        "context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })",
      files: { 'package.json': JSON.stringify({ name: `@${this.scope}/dcesop-${id}`, version }) },
      ...more,
    }
    await this.publish(id, version, await packFixture(fixture, signed ? [readPrivateKey(this.privateKey)] : []))
    if (approved) await this.approve(id, version)
  }

  async publish(plugin: string, version: string, tarball: Buffer): Promise<void> {
    const name = `@${this.scope}/dcesop-${plugin}`
    const file = `${name}-${version}.tgz`
    const dist = {
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
      shasum: createHash('sha1').update(tarball).digest('hex'),
      tarball: `http://localhost/${name}/-/${file}`,
    }
    const data = tarball.toString('base64')
    await send(this.#registry, this.#token, 'PUT', `/${name.replace('/', '%2f')}`, {
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { name, version, _id: `${name}@${version}`, dist } },
      _attachments: { [file]: { content_type: 'application/octet-stream', data, length: tarball.length } },
    })
  }

  /** Two people of the region approve. */
  async approve(plugin: string, version: string, region = 'br'): Promise<void> {
    for (const user of [`reviewer.${region}`, `registry-admin.${region}`]) {
      const token = await demoToken(this.#registry, user)
      const path = `${own}/plugins/${plugin}/versions/${version}/decisions`
      const { state } = await send<{ state: string }>(this.#registry, token, 'POST', path, {
        region,
        decision: 'approve',
      })
      if (state === 'approved') return
    }
    throw new Error(`${plugin} ${version} needs more approvals than two.`)
  }

  /** An approval is taken back. */
  async reject(plugin: string, version: string, region = 'br'): Promise<void> {
    const path = `${own}/plugins/${plugin}/versions/${version}/decisions`
    await this.#asAdmin('POST', path, { region, decision: 'reject', rule: 'test', evidence: 'a spec takes it back' })
  }

  async yank(plugin: string, version: string, yanking: Yanking): Promise<void> {
    await this.#asAdmin('POST', `${own}/plugins/${plugin}/versions/${version}/yank`, yanking)
  }

  async revokeKey(): Promise<void> {
    const path = `${own}/publishers/${this.scope}/keys/${encodeURIComponent(this.keyId)}/revocation`
    await this.#asAdmin('POST', path, { reason: 'stolen' })
  }

  /** What the registry tells everybody of a version's approvals. */
  async approvals(plugin: string, version: string): Promise<unknown> {
    const answer = await fetch(`${this.#registry.url}${own}/plugins/${plugin}/versions/${version}`)
    return ((await answer.json()) as { approvals: unknown }).approvals
  }

  /** A bundle of versions, as its bytes. */
  async bundle(plugins: readonly { plugin: string; version: string }[]): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ plugins })
    const answer = await fetch(`${this.#registry.url}${own}/bundle`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`bundle: ${answer.status} ${await answer.text()}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  async #asAdmin(method: string, path: string, body: object): Promise<void> {
    await send(this.#registry, await demoToken(this.#registry, 'registry-admin'), method, path, body)
  }
}

import { startTestServer } from '@dcesop/embedded-db/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Json, merge } from '@dcesop/sdk-plugin/host'
import { loadConfig } from '../config/load.ts'
import { createLog } from '../log.ts'
import { startRegistry } from '../registry.ts'
import { publishBody, type TestPackage } from './packages.ts'

const root = join(import.meta.dirname, '../../..')

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

/** A registry over real HTTP and a real database, for specs. */
export interface TestRegistry {
  readonly url: string
  readonly directory: string
  readonly mongodbUri: string
  readonly database: string
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  /** Signs in, or up, with a password that is made from the name. */
  token(user: string, password?: string): Promise<string>
  publish(token: string, wish: TestPackage): Promise<Answer>
  stop(): Promise<void>
}

export interface SendOptions {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** @param overrides laid over the demo profile */
export async function startTestRegistry(overrides: Json = {}, env: NodeJS.ProcessEnv = {}): Promise<TestRegistry> {
  const server = await startTestServer()
  const directory = await mkdtemp(join(tmpdir(), 'dcesop-registry-'))
  const database = `${server.prefix}registry`
  const data = { directory, mongodbUri: server.uri, database }
  const config = loadConfig({}, root, merge({ http: { port: 0 }, data, log: { level: 'fatal' } }, overrides))
  const removeAll = async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
  const starting = startRegistry({ config, root, env, log: createLog(config.log.level) })
  const registry = await starting.catch(async (error: unknown) => {
    await removeAll()
    throw error
  })

  const send = async (method: string, path: string, { token, body, headers }: SendOptions = {}): Promise<Answer> => {
    const response = await fetch(registry.url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? {} : isJson ? JSON.parse(text) : { text },
    }
  }

  return {
    url: registry.url,
    directory,
    mongodbUri: server.uri,
    database,
    send,
    async token(user, password = `${user} in a spec`) {
      const { body, status } = await send('PUT', `/-/user/org.couchdb.user:${user}`, { body: { name: user, password } })
      if (status !== 201) throw new Error(`${user} could not sign in: ${JSON.stringify(body)}`)
      return body['token'] as string
    },
    publish: async (token, wish) =>
      send('PUT', `/${wish.name.replace('/', '%2f')}`, { token, body: await publishBody(wish) }),
    async stop() {
      await registry.stop()
      await removeAll()
    },
  }
}

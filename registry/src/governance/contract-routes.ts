import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { addRoute } from '../http/json-route.ts'
import type { Routes } from '../http/server.ts'
import type { Database } from '../storage/database.ts'
import { contractsOn, contractTexts } from './consumer-contracts.ts'

const query = {
  type: 'object',
  additionalProperties: false,
  required: ['version'],
  properties: { version: { type: 'string', maxLength: 128 } },
}

/** What the consumers of a capability rely on, for the specs of who provides it. */
export function contractRoutes(database: Database): Routes {
  return (server) =>
    addRoute(server, {
      method: 'GET',
      path: '/-/dcesop/v1/capabilities/{capability}/contracts',
      access: 'anyone',
      query,
      async handler(call) {
        const capability = call.params['capability'] ?? ''
        const { version } = call.query as { version: string }
        if (semver.valid(version) === null)
          throw new Problem(400, 'invalid_request', '"version" must be a version of the capability.')
        const found = await contractsOn(database, capability, version)
        const texts = await contractTexts(database, found)
        const contracts = found.flatMap((about) => {
          const text = texts.get(about.sha256)
          return text === undefined ? [] : [{ ...about, contract: JSON.parse(text) as object }]
        })
        return { capability, version, contracts }
      },
    })
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { startEmbedded } from '@dcesop/embedded-db'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import { demoPeople } from '../demo/people.ts'
import plugin from './main.ts'

const manifestFile = path.join(import.meta.dirname, '../dcesop.plugin.json')
const month = new Date('2026-01-15T12:00:00Z')

export const agent = testIdentity(['customers:search', 'customers:view', 'customers:reveal'], {
  displayName: 'Ana Agente',
})
export const mexicanAgent = testIdentity(['customers:search', 'customers:view'], {
  subject: 'agent-mx',
  regions: ['mx'],
})
export const crm = testIdentity(['customers:import'], {
  subject: 'crm',
  kind: 'machine',
  roles: [],
  regions: ['br', 'mx', 'co'],
})

/** The plugin on a real database; `uri` is its address. */
export async function startCustomers(): Promise<{ host: TestHost; uri: string; stop(): Promise<void> }> {
  const database = await startEmbedded({ memory: true, durability: 'none', port: 0 })
  const manifest: unknown = JSON.parse(readFileSync(manifestFile, 'utf8'))
  const host = await createTestHost({ manifest, plugin, mongoUri: database.uri })
  return {
    host,
    uri: database.uri,
    async stop() {
      await host.dispose()
      await database.stop()
    },
  }
}

export function ndjson(rows: Iterable<unknown>): string {
  return [...rows].map((row) => JSON.stringify(row)).join('\n')
}

/** Imports the first demo people of a region; returns their rows. */
export async function importPeople(host: TestHost, region: string, count: number) {
  const rows = [...demoPeople(region, count, month)]
  const answer = await host.request(crm, 'POST', `/import?region=${region}`, { body: ndjson(rows) })
  if (answer.status !== 200 || answer.body.rejected > 0) throw new Error(JSON.stringify(answer.body))
  return rows
}

import { startEmbedded } from '@dcesop/embedded-db'
import { createTestHost, testIdentity, type TestHost, type TestHostOptions } from '@dcesop/sdk-plugin/testing'
import manifest from '../../dcesop.plugin.json' with { type: 'json' }
import { demoPeople } from '../../demo/people.ts'
import plugin from '../main.ts'

const today = new Date('2026-01-15T12:00:00Z')

export const agent = testIdentity(['customers:search', 'customers:view', 'customers:reveal'], {
  displayName: 'Ana Agente',
})
export const mexicanAgent = testIdentity(['customers:search', 'customers:view'], {
  subject: 'agent-mx',
  regions: ['mx'],
})
export const both = testIdentity(['customers:search'], { subject: 'agent-both', regions: ['br', 'mx'] })
export const crm = testIdentity(['customers:import'], {
  subject: 'crm',
  kind: 'machine',
  roles: [],
  regions: ['br', 'mx', 'co'],
})

/** A server of its own, unless `MONGODB_URI` names one. */
export const ownServer = () => startEmbedded({ memory: true, durability: 'none', port: 0 })

/** The plugin on databases of its own. @param database where they are */
export function startCustomers(database: TestHostOptions<unknown>['database'] = ownServer): Promise<TestHost> {
  return createTestHost({ manifest, plugin, database })
}

/** Imports the first demo people of a region; returns their rows. */
export async function importPeople(host: TestHost, region: string, count: number) {
  const rows = [...demoPeople(region, count, today)]
  const answer = await host.request(crm, 'POST', `/import?region=${region}`, { rows })
  if (answer.status !== 200 || answer.body.rejected > 0) throw new Error(JSON.stringify(answer.body))
  return rows
}

import type { TestHost } from '@dcesop/sdk-plugin/testing'
import type { Document, Filter } from 'mongodb'
import { regionProfile, type RegionProfile } from './regions.ts'
import { searchFilter } from './search.ts'
import { searchPlan } from './search-keys.ts'
import { importPeople, startCustomers } from './testing/customers-host.ts'

interface Explanation {
  readonly queryPlanner: object
  readonly executionStats: { readonly totalDocsExamined: number; readonly nReturned: number }
}

describe('every search path is on an index', () => {
  const people = 1200
  let host: TestHost

  beforeAll(async () => {
    host = await startCustomers()
    await importPeople(host, 'br', people)
  }, 120_000)

  afterAll(() => host.dispose())

  async function explain(q: string): Promise<Explanation> {
    const plan = searchPlan(q, regionProfile('br') as RegionProfile)
    if (plan === undefined) throw new Error(`No plan for ${q}.`)
    const filter = searchFilter(plan) as Filter<Document>
    return (await host.data
      .region('br')
      .collection('customers_people')
      .find(filter)
      .limit(20)
      .explain('executionStats')) as unknown as Explanation
  }

  it.each([
    ['(11) 99900-1001', 1],
    ['story-br-01@example.com', 1],
    ['BR-10000007', 1],
    ['39053344705', 0],
    ['mello brandao', 60],
    ['assun', 20],
    ['sil', 20],
  ])('%s examines at most %i documents', async (q, most) => {
    const { queryPlanner, executionStats } = await explain(q)
    expect(JSON.stringify(queryPlanner)).toContain('IXSCAN')
    expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(Math.max(most, executionStats.nReturned))
    expect(executionStats.totalDocsExamined).toBeLessThan(people / 10)
  })
})

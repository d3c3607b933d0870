import { createLog } from '../../log.ts'
import { Database } from '../../storage/database.ts'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'
import { LoggedState } from '../../trust/log/logged-state.ts'
import { TransparencyLog } from '../../trust/log/transparency-log.ts'
import { Catalogue } from './catalogue.ts'

let registry: TestRegistry
let database: Database
beforeAll(async () => {
  registry = await startTestRegistry()
  database = await Database.connect(registry.mongodbUri, registry.database)
})
afterAll(async () => {
  await database.close()
  await registry.stop()
})

it('reads the log once for all who ask at the same time, and tells each what was done before they asked', async () => {
  const transparency = new TransparencyLog(database)
  let asked = 0
  const head = () => {
    asked += 1
    return transparency.head()
  }
  const catalogue = new Catalogue({ database, logged: new LoggedState(transparency), head, log: createLog('fatal') })
  const names = async () => [...(await catalogue.current()).packages.keys()]
  const ana = await registry.token('ana')
  await registry.publish(ana, { name: '@ana/first' })
  expect(await Promise.all(Array.from({ length: 20 }, names))).toEqual(Array.from({ length: 20 }, () => ['@ana/first']))
  expect(asked).toBe(1)
  const before = names()
  await registry.publish(ana, { name: '@ana/second' })
  expect(await names()).toEqual(['@ana/first', '@ana/second'])
  await before
})

import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { importPeople, startCustomers } from '../../plugins/customers/server/testing/customers-host.ts'
import { type Contract, type TestHost, verifyContract } from '../../sdk-plugin/src/testing/index.ts'

const root = path.resolve(import.meta.dirname, '../..')

let customers: TestHost
beforeAll(async () => {
  customers = await startCustomers()
})
afterAll(() => customers?.dispose())

/** By capability, who provides it and how they come into the states that contracts name. */
const providers: Readonly<Record<string, { provider(): object; states: Record<string, () => Promise<void>> }>> = {
  'customers.directory': {
    provider: () => customers.capability('customers.directory'),
    states: {
      async 'the customer c_one with the fibre service s_fibre on olt-1'() {
        await importPeople(customers, 'br', 40)
        const services = customers.data.region('br').collection<{ _id: string }>('customers_services')
        const like = await services.findOne({ technology: 'fibre', 'plan.promise.downMbps': { $gt: 0 } })
        const networkElement = { kind: 'olt', id: 'olt-1', site: 'São Paulo' }
        const one = { ...like, _id: 's_fibre', externalId: 'one', customerId: 'c_one', networkElement }
        await services.replaceOne({ _id: 's_fibre' }, one, { upsert: true })
      },
    },
  },
}

it('providers keep what the contracts of the plugins rely on', async () => {
  const files: string[] = []
  for await (const file of glob('{plugins,partners}/*/{contracts,consumers}/*.json', { cwd: root })) files.push(file)
  expect(files).toContain('plugins/diagnostics/contracts/customers.directory.json')
  for (const file of files) {
    const contract = JSON.parse(await readFile(path.join(root, file), 'utf8')) as Contract
    const { provider, states } = providers[contract.capability] ?? {}
    if (!provider) throw new Error(`Say who provides ${contract.capability}, which ${file} is about.`)
    await verifyContract(contract, provider(), states)
  }
})

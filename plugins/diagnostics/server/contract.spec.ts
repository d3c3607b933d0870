import type { CustomersDirectory } from '@dcesop/sdk-plugin/contracts'
import { type Contract, contractDouble } from '@dcesop/sdk-plugin/testing'
import contract from '../contracts/customers.directory.json' with { type: 'json' }
import { Inventory } from './inventory/inventory.ts'

it('knows services by what it asks of the directory', async () => {
  const inventory = new Inventory(contractDouble<CustomersDirectory>(contract as Contract))
  const [ofCustomer = []] = [await inventory.ofCustomer('br', 'c_one')]
  expect(ofCustomer.map(({ id, plan }) => [id, plan.promise.downMbps])).toEqual([['s_fibre', 300]])
  expect(await inventory.ofCustomer('br', 'c_nobody')).toBeUndefined()
  expect(await inventory.on('br', 'olt-1')).toEqual(['s_fibre'])
})

it('asks once for a service that it does not know yet', async () => {
  const inventory = new Inventory(contractDouble<CustomersDirectory>(contract as Contract))
  expect([...(await inventory.find('br', ['s_fibre'])).keys()]).toEqual(['s_fibre'])
})

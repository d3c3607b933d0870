import { memoryStorage } from '../testing/memory-storage.ts'
import { mostOpen, openCustomers, type Reference } from './open-customers.ts'

const reference = (number: number): Reference => ({ region: 'br', id: `c_${String(number).padStart(20, '0')}` })

describe('open customers of a tab', () => {
  it('refuses the ninth until one is closed', () => {
    const customers = openCustomers('ana', memoryStorage())
    for (let number = 0; number < mostOpen; number++) expect(customers.add(reference(number))).toBe(true)
    expect(customers.add(reference(8))).toBe(false)
    expect(customers.add(reference(3))).toBe(true)
    customers.close(reference(0))
    expect(customers.add(reference(8))).toBe(true)
    expect(customers.open.value.at(-1)).toEqual(reference(8))
  })

  it('survives a reload with ids only, apart for each person', () => {
    const storage = memoryStorage()
    const opened = { ...reference(1), name: 'Ana Mello' }
    openCustomers('ana', storage).add({ region: opened.region, id: opened.id })
    expect(openCustomers('ana', storage).recent.value).toEqual([reference(1)])
    expect(openCustomers('luis', storage).recent.value).toEqual([])
  })

  it('lists recent ones newest first, once each, also after closing', () => {
    const customers = openCustomers('ana', memoryStorage())
    for (const number of [1, 2, 1]) customers.add(reference(number))
    customers.close(reference(1))
    expect(customers.recent.value).toEqual([reference(1), reference(2)])
    expect(customers.open.value).toEqual([reference(2)])
  })

  it.each(['{', '[1]', '{"a":1}', '[{"region":"br","id":"<script>"}]'])(
    'starts empty on foreign content %s',
    (content) => {
      const storage = memoryStorage()
      storage.setItem('dcesop.customers.open.ana', content)
      expect(openCustomers('ana', storage).open.value).toEqual([])
    },
  )
})

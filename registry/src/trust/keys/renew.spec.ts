import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../config/load.ts'
import { RegistryKeys } from './registry-keys.ts'

const day = 86_400_000
const { trust } = loadConfig({}, join(import.meta.dirname, '../../../..'))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-keys-'))
  jest.useFakeTimers({
    now: Date.parse('2026-03-01T00:00:00Z'),
    doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
  })
})
afterEach(async () => {
  jest.useRealTimers()
  await rm(folder, { recursive: true, force: true })
})

it('signs the list of keys anew in the second half of its time, and not before', async () => {
  const keys = await RegistryKeys.open(folder, trust)
  expect(await keys.renew()).toBe(false)
  jest.setSystemTime(Date.now() + (trust.keyListDays / 2) * day)
  expect(await keys.renew()).toBe(true)
  expect(keys.trusted.list.version).toBe(2)
})

it('signs it anew when the clock, which was ahead then, was put back: nobody would believe it until it comes', async () => {
  const keys = await RegistryKeys.open(folder, trust)
  const right = Date.now()
  jest.setSystemTime(right + (trust.keyListDays / 2) * day)
  await keys.renew()
  jest.setSystemTime(right + 60_000)
  // A list of the future is read by the process that signed it only.
  expect(await keys.renew()).toBe(true)
  expect(keys.trusted.list).toMatchObject({ version: 3, issuedAt: new Date(right + 60_000).toISOString() })
  expect(await keys.renew()).toBe(false)
})

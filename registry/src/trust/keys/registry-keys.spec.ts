import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../config/load.ts'
import { RegistryKeys } from './registry-keys.ts'

const { trust } = loadConfig({}, join(import.meta.dirname, '../../../..'))
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-keys-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const keyOf = (keys: RegistryKeys, role: string) => keys.trusted.list.keys.find((key) => key.role === role)?.keyid ?? ''
const revokedBy = (keys: RegistryKeys) => keys.trusted.list.revoked.map(({ keyid }) => keyid)

it('loses no revocation and no new key when several people change the list at once', async () => {
  const keys = await RegistryKeys.open(folder, trust)
  const stolen = [keyOf(keys, 'package'), keyOf(keys, 'attestation')]
  const [made] = await Promise.all([
    keys.rotate('snapshot'),
    ...stolen.map((keyid) => keys.revoke(keyid, 'stolen')),
    keys.renew(),
  ])
  expect(revokedBy(keys).toSorted()).toEqual(stolen.toSorted())
  expect(keys.trusted.list.keys.map(({ keyid }) => keyid)).toContain(made.keyid)
  expect(keys.trusted.list.version).toBe(4)
})

it('keeps what another process of the same folder has revoked since', async () => {
  const [here, there] = [await RegistryKeys.open(folder, trust), await RegistryKeys.open(folder, trust)]
  const [first, second] = [keyOf(here, 'package'), keyOf(here, 'attestation')]
  await there.revoke(first, 'stolen')
  await here.revoke(second, 'stolen, too')
  expect(revokedBy(await RegistryKeys.open(folder, trust))).toEqual([first, second])
})

/** A registry's process that revokes keys of a folder, one after the other, as soon as all are ready. */
const program = (folder: string, keyids: readonly string[]) => `
  const { RegistryKeys } = await import(${JSON.stringify(join(import.meta.dirname, 'registry-keys.ts'))})
  const keys = await RegistryKeys.open(${JSON.stringify(folder)}, ${JSON.stringify(trust)})
  process.once('message', async () => {
    for (const keyid of ${JSON.stringify(keyids)}) await keys.revoke(keyid, 'stolen')
    await keys.rotate('log')
    process.disconnect()
  })
  process.send('ready')`

it('loses nothing of what several processes change at once', async () => {
  const keys = await RegistryKeys.open(folder, trust)
  for (let made = 0; made < 8; made += 1) await keys.rotate('package')
  const all = keys.trusted.list.keys.filter(({ role }) => role === 'package').map(({ keyid }) => keyid)
  const { version } = keys.trusted.list
  const children = [0, 1, 2].map((number) =>
    spawn(process.execPath, ['--input-type=module', '-e', program(folder, all.slice(number * 3, number * 3 + 3))], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }),
  )
  await Promise.all(children.map((child) => once(child, 'message')))
  const ended = children.map((child) => once(child, 'exit'))
  for (const child of children) child.send('go')
  expect((await Promise.all(ended)).map(([code]) => code as number)).toEqual([0, 0, 0])
  await keys.reload()
  expect(revokedBy(keys).toSorted()).toEqual(all.toSorted())
  expect(keys.trusted.list.keys.filter(({ role }) => role === 'log')).toHaveLength(4)
  expect(keys.trusted.list.version).toBe(version + 12)
}, 60_000)

it('makes one set of keys when several start with an empty folder', async () => {
  const opened = await Promise.all([0, 1, 2].map(() => RegistryKeys.open(folder, trust)))
  expect(new Set(opened.flatMap(({ roots }) => [...roots.keys()])).size).toBe(1)
  expect(new Set(opened.map((keys) => keyOf(keys, 'package'))).size).toBe(1)
})

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

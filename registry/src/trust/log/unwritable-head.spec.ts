import { createPublicKey } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Envelope, keyIdOf, openKeyList, openLogHead, openSnapshot } from '@dcesop/sdk-plugin/signing'
import { startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
})
afterAll(() => registry.stop())

const own = '/-/dcesop/v1'
const get = async (path: string) => {
  const { status, body } = await registry.send('GET', path)
  return { status, body }
}
/** What is signed: entries of the log that the head and the snapshot cover, and the packages of the snapshot. */
async function signed() {
  const root = createPublicKey(await readFile(join(registry.directory, 'keys/root.pub.pem'), 'utf8'))
  const [list, head, snapshot] = await Promise.all([`${own}/keys`, `${own}/log/head`, `${own}/snapshot`].map(get))
  const now = new Date()
  const keys = openKeyList(list?.body as unknown as Envelope, new Map([[keyIdOf(root), root]]), { now })
  const opened = openSnapshot(snapshot?.body as unknown as Envelope, keys, { now, seen: 0 })
  const { size } = openLogHead(head?.body as unknown as Envelope, keys)
  return { head: size, snapshot: opened.logSize, packages: Object.keys(opened.packages) }
}

it('goes on answering reads when the head of the log cannot be written, and signs nothing new until it can', async () => {
  await registry.publish(ana, { name: '@ana/before' })
  const before = await signed()
  // As a full disk would have it: the file beside the head takes no bytes.
  const blocked = join(registry.directory, 'log-head.json.part')
  await mkdir(blocked)
  expect((await registry.publish(ana, { name: '@ana/after' })).status).toBe(201)
  for (const path of ['/@ana%2fbefore', '/@ana%2fafter', '/@ana/after/-/after-1.0.0.tgz', '/-/v1/search?text=ana'])
    expect([path, (await get(path)).status]).toEqual([path, 200])
  expect(await signed()).toEqual(before)
  await rm(blocked, { recursive: true })
  const after = await signed()
  expect(after.packages.toSorted()).toEqual(['@ana/after', '@ana/before'])
  expect(after.head).toBeGreaterThan(before.head)
  expect(after.snapshot).toBe(after.head)
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BootRecord } from './boot-record.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boot-record-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('knows a version as good with the configuration that it served with last', async () => {
  const open = () => BootRecord.open(join(folder, 'record.json'), { now: () => new Date() })
  const record = await open()
  const key = { plugin: 'demo', version: '1.0.0', digest: 'd', configRevision: 'a' }
  await record.knowAsGood([key])
  await record.knowAsGood([{ ...key, configRevision: 'b', settings: 2 }])
  expect((await open()).good).toEqual({ demo: { ...key, configRevision: 'b', settings: 2 } })
})

it.each(['', '{bad', 'null', '{}'])('is begun anew where its file is damaged: "%s"', async (content) => {
  const file = join(folder, 'record.json')
  await writeFile(file, content)
  const record = await BootRecord.open(file, { now: () => new Date() })
  expect([record.good, record.mode]).toEqual([{}, 'normal'])
})

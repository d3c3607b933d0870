import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { Incarnation, type IncarnationParts } from './incarnation.ts'

const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith(`dcesop-run-${process.pid}-`))

it('leaves no folder where the kernel allows no further control group', async () => {
  const full = new Error('ENOSPC: no space left on device, mkdir')
  let asked = ''
  const open = async (name: string) => {
    asked = name
    expect(await folders()).toEqual([name])
    throw full
  }
  // Nothing else is looked at before there is a group.
  const parts = { groups: { kind: 'cgroup2', open } } as unknown as IncarnationParts
  await expect(Incarnation.start(parts)).rejects.toBe(full)
  expect(asked).not.toBe('')
  expect(await folders()).toEqual([])
})

import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemSentence } from './text/system-error.ts'
import { writeWhole } from './write-whole.ts'

it('leaves what was there and nothing else when the disk is full, and says which file', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'whole-'))
  try {
    const file = path.join(dir, 'radio-0.1.0.tgz')
    await writeWhole(file, Buffer.from('first'))
    await symlink('/dev/full', `${file}.part`)
    const error = await writeWhole(file, Buffer.from('second')).catch((thrown: unknown) => thrown)
    expect(systemSentence(error as NodeJS.ErrnoException)).toBe(`There is no room left to write ${file}.`)
    expect(await readdir(dir)).toEqual(['radio-0.1.0.tgz'])
    expect(await readFile(file, 'utf8')).toBe('first')
  } finally {
    await rm(dir, { recursive: true })
  }
})

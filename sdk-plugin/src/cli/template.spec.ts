import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeTemplate } from './template.ts'

/** Of Linux, without the byte at its end. */
const longestPath = 4095

it('leaves nothing behind of a plugin that could not be written, so that the next attempt finds an empty folder', async () => {
  const above = await mkdtemp(path.join(tmpdir(), 'template-'))
  try {
    // Its files fit in, those of its folders do not.
    let dir = above
    while (dir.length < longestPath - 15) dir = path.join(dir, 'a'.repeat(Math.min(200, longestPath - 16 - dir.length)))
    await expect(writeTemplate(dir, { template: 'page', id: 'radio', publisher: 'acme' })).rejects.toThrow(
      'ENAMETOOLONG',
    )
    expect(await readdir(dir)).toEqual([])
  } finally {
    await rm(above, { recursive: true })
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { lockFolder } from './lock-folder.ts'

const where = process.platform === 'linux' ? it : it.skip

describe('a folder that is kept', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lock-folder-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  where('is nobody else’s, by whatever name, until it is given back', async () => {
    const lock = await lockFolder(folder)
    await symlink(folder, path.join(folder, 'again'))
    expect(await lockFolder(path.join(folder, 'again'))).toBeUndefined()
    await lock?.dispose()
    const next = await lockFolder(folder)
    expect(next).toBeDefined()
    await next?.dispose()
  })

  where(
    'is free when the process that has it is killed',
    async () => {
      const program = `
      const { lockFolder } = await import(${JSON.stringify(path.join(import.meta.dirname, 'lock-folder.ts'))})
      await lockFolder(${JSON.stringify(folder)})
      setInterval(() => undefined, 1000)
      console.log('kept')`
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      expect(await lockFolder(folder)).toBeUndefined()
      child.kill('SIGKILL')
      await once(child, 'exit')
      const lock = await lockFolder(folder)
      expect(lock).toBeDefined()
      await lock?.dispose()
    },
    20_000,
  )
})

import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@dcesop/sdk-plugin'
import { Launcher } from './launcher/launcher.ts'
import { limitsOf } from './limits.ts'
import { makePrivateFolder } from './private-folder.ts'
import { findSandbox } from './sandbox.ts'

const log = { info: () => undefined, warn: () => undefined } as unknown as Log
const tries = `
  const { getCompileCacheDir } = require('node:module')
  let refused = ''
  try { fs.writeFileSync(process.argv[1] + '/poison', 'x') } catch ({ code }) { refused = code }
  console.log(JSON.stringify({ isLent: getCompileCacheDir()?.startsWith(process.argv[1]) ?? false, refused }))`

describe('the walls around a plugin’s process', () => {
  const launcher = new Launcher()
  const before = process.env['NODE_COMPILE_CACHE']
  let cache: string

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'dcesop-compiled-'))
    process.env['NODE_COMPILE_CACHE'] = cache
    // Node reads from the folder that it once made for its own version.
    execFileSync(process.execPath, ['--eval', ''], { env: { NODE_COMPILE_CACHE: cache } })
  })
  afterAll(async () => {
    if (before === undefined) delete process.env['NODE_COMPILE_CACHE']
    else process.env['NODE_COMPILE_CACHE'] = before
    launcher.close()
    await rm(cache, { recursive: true })
  })

  it('let it read compiled code of the program, and let it write none that others would run', async () => {
    const sandbox = await findSandbox(launcher, log)
    const folder = await makePrivateFolder()
    const { command, args } = sandbox.confine(limitsOf({} as never), folder, ['--eval', tries, cache])
    let printed = ''
    const { exited } = await launcher.launch(command, args, (text) => (printed += text))
    expect(await exited).toBe('0')
    while (!printed.includes('\n')) await sleep(5)
    const isWalled = ['bubblewrap', 'namespaces'].includes(sandbox.name)
    const refusals: Record<string, string> = { limits: 'ERR_ACCESS_DENIED', none: 'ERR_ACCESS_DENIED' }
    expect(JSON.parse(printed)).toEqual({ isLent: isWalled, refused: refusals[sandbox.name] ?? 'EROFS' })
    expect(await readdir(cache)).not.toContain('poison')
    await rm(folder, { recursive: true })
  })
})

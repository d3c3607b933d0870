import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

const program = path.resolve(import.meta.dirname, '../../../bin/dcesop.mjs')

describe('dcesop test', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends its runner and leaves nothing behind at %s', async (signal) => {
    const dir = await mkdtemp(path.join(tmpdir(), 'cli-test-'))
    const scratch = path.join(dir, 'scratch')
    await mkdir(scratch)
    await writeFile(path.join(dir, 'dcesop.plugin.json'), '{}')
    const runner = [process.execPath, '-e', 'console.log("up"); setInterval(() => {}, 1000)']
    // A process group of its own, as a terminal gives: Ctrl-C reaches all that is in it.
    const child = spawn(process.execPath, [program, 'test', dir, '--', ...runner], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: scratch },
    })
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve))
      expect(await readdir(scratch)).toHaveLength(1)
      const ended = new Promise((resolve) => child.on('close', resolve))
      process.kill(signal === 'SIGINT' ? -(child.pid as number) : (child.pid as number), signal)
      expect(await ended).toBe(signal === 'SIGINT' ? 130 : 143)
      expect(await readdir(scratch)).toEqual([])
    } finally {
      child.kill('SIGKILL')
      await rm(dir, { recursive: true })
    }
  })
})

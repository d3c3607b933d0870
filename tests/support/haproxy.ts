import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from './product.ts'

/** Whether there is one to run. */
export const haproxyInstalled = spawnSync('haproxy', ['-v']).status === 0

const page = path.resolve(import.meta.dirname, '../../docs/proxy.md')

export interface Haproxy {
  readonly url: string
  stop(): Promise<void>
}

/** Runs the configuration that docs/proxy.md shows, without TLS, before these ports of this machine. */
export async function startHaproxy(ports: readonly [number, number, number]): Promise<Haproxy> {
  const shown = /^```\n(defaults\n[^]*?)^```$/m.exec(readFileSync(page, 'utf8'))?.[1] as string
  const port = await freePort()
  const config = shown
    .replace(/bind .*/, `bind 127.0.0.1:${port}`)
    .replace(/10\.0\.0\.1(\d):8080/g, (_, number: string) => `127.0.0.1:${ports[Number(number) - 1]}`)
  const folder = mkdtempSync(path.join(tmpdir(), 'haproxy-'))
  const file = path.join(folder, 'haproxy.cfg')
  writeFileSync(file, config)
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  const url = `http://127.0.0.1:${port}`
  await listening(child, url)
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** @throws Error with what it said when it ends before */
async function listening(child: ChildProcess, url: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  while (
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`HAProxy ended with ${child.exitCode}:\n${said}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { main } from '../src/cli/main.ts'

/** What an author sees of a command: the exit status and what it printed. */
export async function dcesop(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const [log, error] = (['log', 'error'] as const).map((name) => jest.spyOn(console, name).mockImplementation())
  try {
    const status = await main(words)
    const [out, err] = [log, error].map((spy) => (spy?.mock.calls ?? []).flat().join('\n')) as [string, string]
    return { status, out, err }
  } finally {
    log?.mockRestore()
    error?.mockRestore()
  }
}

export interface AuthorsFolder {
  /** Holds the plugin alone. */
  readonly dir: string
  /** The folder `radio`, as `dcesop new --template backend` writes it. */
  readonly plugin: string
}

/** A folder with a new plugin for each case. */
export function pluginForEach(): AuthorsFolder {
  const folder = { dir: '', plugin: '' }
  let template = ''
  beforeAll(async () => {
    template = path.join(await mkdtemp(path.join(tmpdir(), 'cli-template-')), 'radio')
    await dcesop('new', template, '--template', 'backend', '--publisher', 'acme')
  })
  afterAll(() => rm(path.dirname(template), { recursive: true }))
  beforeEach(async () => {
    folder.dir = await mkdtemp(path.join(tmpdir(), 'cli-'))
    folder.plugin = path.join(folder.dir, 'radio')
    await cp(template, folder.plugin, { recursive: true })
  })
  afterEach(() => rm(folder.dir, { recursive: true }))
  return folder
}

/** Does `work` while a server answers. @param work gets the server's `address:port` */
export async function whileAnswers<T>(answer: RequestListener, work: (at: string) => Promise<T>): Promise<T> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.close()
  }
}

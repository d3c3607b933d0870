import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { main } from './main.ts'
import { printable } from './printable.ts'

it('shows control codes and marks of direction, and leaves every letter and line alone', () => {
  expect(printable('a\u001b[2J\u0007b\r\u009b1m\u202emoc')).toBe('a\\u001b[2J\\u0007b\\u000d\\u009b1m\\u202emoc')
  expect(printable('ação\n\t日本 👩‍🔧')).toBe('ação\n\t日本 👩‍🔧')
})

it('keeps a package that is verified from the terminal of who verifies it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'printable-'))
  const pack = tar.pack()
  pack.entry({ name: 'package/\u001b]0;owned\u0007/../x' }, 'x')
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  const file = join(folder, 'evil.tgz')
  await writeFile(file, gzipSync(Buffer.concat(chunks)))
  const said = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  expect(await main(['verify', file])).not.toBe(0)
  const text = said.mock.calls.flat().join('\n')
  said.mockRestore()
  await rm(folder, { recursive: true })
  expect(text).toContain('\\u001b]0;owned\\u0007')
  expect(text).not.toMatch(/[\u001b\u0007]/)
})

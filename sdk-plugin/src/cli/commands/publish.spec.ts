import { readdir, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import path from 'node:path'
import { dcesop, pluginForEach, whileAnswers } from '../../../testing/command-line.ts'

const author = pluginForEach()

describe('dcesop publish', () => {
  it('publishes nothing that is named without a publisher', async () => {
    for (const name of [undefined, 5, 'radio', 'dcesop-radio']) {
      await writeFile(path.join(author.plugin, 'package.json'), JSON.stringify({ name }))
      const { status, err } = await dcesop('publish', author.plugin, '--unsigned', '--registry', 'http://127.0.0.1:1')
      expect([status, err]).toEqual([2, expect.stringContaining('must be "@<publisher>/dcesop-<id>"')])
    }
  })

  it('takes no address of a registry that is none', async () => {
    for (const registry of ['nonsense', 'ftp://registry.example', 'localhost:4873'])
      expect(await dcesop('publish', author.plugin, '--unsigned', '--registry', registry)).toMatchObject({
        status: 2,
        err: expect.stringContaining(`"${registry}" is no address of a registry`) as string,
      })
  })

  it('asks the registry before it builds what that would not take', async () => {
    const registry: RequestListener = (request, response) => response.writeHead(401).end(`{"detail":"${request.url}"}`)
    await whileAnswers(registry, async (at) => {
      await writeFile(path.join(author.plugin, '.npmrc'), `//${at}/:_authToken=old\n//127.0.0.1:1/:_authToken=old\n`)
      for (const [url, why] of [
        [`http://${at}`, 'The registry does not take the token in .npmrc (401).'],
        ['http://127.0.0.1:1', 'The registry does not answer at http://127.0.0.1:1'],
      ] as const)
        expect(await dcesop('publish', author.plugin, '--unsigned', '--registry', url)).toMatchObject({
          status: 2,
          err: expect.stringContaining(why) as string,
        })
      expect(await readdir(author.plugin)).not.toContain('dist')
    })
  })
})

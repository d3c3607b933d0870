import { readFile, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import path from 'node:path'
import { dcesop, pluginForEach, whileAnswers } from '../../../testing/command-line.ts'

const author = pluginForEach()

describe('dcesop dev', () => {
  it('tells what pack would refuse of the build, styles included', async () => {
    const page = path.join(author.dir, 'page')
    await dcesop('new', page, '--publisher', 'acme')
    const style = path.join(page, 'ui/estimate-page.vue')
    await writeFile(style, `${await readFile(style, 'utf8')}\n<style>\nh1 { color: red }\n</style>\n`)
    const told = () => (console.error as jest.Mock).mock.calls.flat().join('\n').includes('ui-global-selector')
    const answers: Readonly<Record<string, string>> = {
      'POST /api/dev/sessions': '{"code":"ABC","token":"t"}',
      'POST /api/dev/sessions/current/beats': '{"owner":"Ana","events":[]}',
      'PUT /api/dev/sessions/current/package': '{}',
    }
    const host: RequestListener = (request, response) => {
      request.resume()
      // The host ends the session as soon as the author was told, and the command with it.
      if (told()) response.writeHead(401).end('{"detail":"It is over."}')
      else response.end(answers[`${request.method} ${request.url}`] ?? '{}')
    }
    const { err } = await whileAnswers(host, (at) => dcesop('dev', page, '--host', `http://${at}`))
    expect(err).toMatch(/ui-global-selector: .*"h1", which reaches beyond the plugin/)
  })

  it('tells where in the sources it is what the host did not start with', async () => {
    const manifest = path.join(author.plugin, 'dcesop.plugin.json')
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace('"path": "/estimates"', '"path": "/other"'))
    const told = () => (console.error as jest.Mock).mock.calls.flat().join('\n').includes('source-undeclared')
    const host: RequestListener = (request, response) => {
      request.resume()
      if (told()) response.writeHead(401).end('{"detail":"It is over."}')
      else if (request.method === 'PUT')
        response.writeHead(422).end('{"code":"plugin_start_failed","detail":"Not its routes."}')
      else if (request.url?.endsWith('/beats')) response.end('{"owner":"Ana","events":[]}')
      else response.end('{"code":"ABC","token":"t"}')
    }
    const { err } = await whileAnswers(host, (at) => dcesop('dev', author.plugin, '--host', `http://${at}`))
    expect(err).toMatch(/could not start the plugin: Not its routes\.\nserver\/main\.ts:\d+: source-undeclared: /)
  })

  it('ends with a sentence when the host goes away', async () => {
    const host: RequestListener = (request, response) => {
      if (request.url === '/api/dev/sessions') response.end('{"code":"ABC","token":"t"}')
      else request.socket.destroy()
    }
    expect(await whileAnswers(host, (at) => dcesop('dev', author.plugin, '--host', `http://${at}`))).toMatchObject({
      status: 1,
      out: expect.stringContaining('ABC') as string,
      err: expect.stringMatching(/^The host does not answer any more \(.+\)\.$/) as string,
    })
  })

  it('tells why there is no host', async () => {
    const others: RequestListener = (request, response) =>
      request.url?.startsWith('/page/')
        ? response.end('<html>')
        : response.writeHead(404).end('{"detail":"No record."}')
    await whileAnswers(others, async (at) => {
      for (const [url, why] of [
        [`http://${at}/page`, 'it sent no JSON'],
        [
          `http://${at}`,
          `There is no host at http://${at} (what answers is no host: it has no /api/dev/sessions). Name`,
        ],
        [`https://${at}`, `There is no host at https://${at} (what answers speaks no TLS; try http://, ERR_SSL_WRONG`],
        ['nonsense', '"nonsense" is no address of a host'],
      ] as const)
        expect(await dcesop('dev', author.plugin, '--host', url)).toMatchObject({
          status: 2,
          err: expect.stringContaining(why) as string,
        })
    })
  })
})

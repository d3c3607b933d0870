import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { dcesop } from '../../testing/command-line.ts'
import { speak } from './text/text.ts'

const program = path.resolve(import.meta.dirname, '../../bin/dcesop.mjs')

let dir: string
let plugin: string
let server: Server
let registry: string
let nobody: string
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cli-language-'))
  jest.spyOn(process, 'cwd').mockReturnValue(dir)
  plugin = path.join(dir, 'radio')
  await typed('en_US.UTF-8', 'new', plugin, '--template', 'backend', '--publisher', 'acme')
  server = createServer((request, response) => {
    const contract = { consumer: 'map', sha256: 'a'.repeat(64), contract: {} }
    const finding = { finding: 'source-link', params: { file: 'a.txt' }, message: 'a.txt is a symbolic link.' }
    const refused = { code: 'package_refused', detail: 'No.', errors: [finding, { message: 'Of a newer host.' }] }
    if (request.url === '/api/dev/sessions') response.writeHead(422).end(JSON.stringify(refused))
    else if (request.url?.includes('/contracts')) response.end(JSON.stringify({ contracts: [contract] }))
    else response.writeHead(401).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`
  registry = `http://${at}`
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  nobody = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`
  await new Promise((resolve) => closed.close(resolve))
  await writeFile(path.join(plugin, '.npmrc'), `//${at}/:_authToken=old\n`)
})
afterAll(async () => {
  jest.restoreAllMocks()
  await speak('en')
  server.close()
  await rm(dir, { recursive: true })
})

interface Told {
  readonly status: number
  readonly told: string
}

const terminal = (language: string) => ({ DCESOP_LANG: '', LC_ALL: '', LC_MESSAGES: '', LANG: language })

/** The command as a terminal of that language runs it. */
async function typed(language: string, ...words: string[]): Promise<Told> {
  Object.assign(process.env, terminal(language))
  const { status, out, err } = await dcesop(...words)
  return { status, told: [out, err].map((text) => text && `${text}\n`).join('') }
}

/** The same as a process of its own, with options of Node before it. */
function started(language: string, words: readonly string[], options: readonly string[] = []): Promise<Told> {
  const env = { ...process.env, ...terminal(language) }
  return new Promise((resolve) => {
    execFile(process.execPath, [...options, program, ...words], { env }, (error, out, err) =>
      resolve({ status: Number(error?.code ?? 0), told: out + err }),
    )
  })
}

describe.each([
  {
    language: 'es_CO.UTF-8',
    usage: 'dcesop: construir, probar, revisar y publicar un complemento',
    yank: /^ {2}dcesop yank NOMBRE@VERSIÓN .*\n +--undo --reason TEXTO lo revierte\n$/,
    unknown: 'dcesop: "pubish" no es un comando. ¿Quiso decir publish? dcesop --help los muestra todos.',
    missing: 'dcesop new: Indique la carpeta del nuevo complemento.',
    value: 'dcesop new: --template necesita un valor.',
    folder: /^source-missing: No hay dcesop\.plugin\.json en .*\n {2}Indique la carpeta de un complemento/,
    finding:
      'Al plural {n} de "more" le falta la forma "one".\n  Agregue esa forma.\nMás información: dcesop explain i18n-plural',
    items: /La lista en \/i18n\/locales debe tener al menos 1 elemento y es \[\]\./,
    fine: 'nada que corregir\n',
    rule: /^i18n-plural, se aplica en `dcesop check` y al empaquetar\n\nUn plural sin las formas .*\n\nPor qué: .*\n\nQué hacer: /,
    contracts: /^1 contrato de consumidores en /,
    away: /El registro no responde en http:\S+: nadie escucha ahí, ECONNREFUSED\./,
    token: 'El registro no acepta el token de .npmrc (401). Inicie sesión de nuevo: npm login',
    refused:
      'dcesop dev: El paquete no pasa la revisión.\n  a.txt es un enlace simbólico y faltaría en el paquete. Ponga ahí el archivo mismo.\n  Of a newer host.',
    packed: /se empaquetó radio\/dist\/radio-0\.1\.0\.tgz \(\d+ KiB\)/,
    verified:
      / verificado +radio 0\.1\.0, sha512 \w+…: \d+ archivos, .*\n {2}sin verificar +editor: el paquete no está firmado\n/,
  },
  {
    language: 'pt_BR.UTF-8',
    usage: 'dcesop: construir, testar, verificar e publicar um plugin',
    yank: /^ {2}dcesop yank NOME@VERSÃO .*\n +--undo --reason TEXTO desfaz\n$/,
    unknown: 'dcesop: "pubish" não é um comando. Você quis dizer publish? dcesop --help mostra todos.',
    missing: 'dcesop new: Indique a pasta do novo plugin.',
    value: 'dcesop new: --template precisa de um valor.',
    folder: /^source-missing: Não há dcesop\.plugin\.json em .*\n {2}Indique a pasta de um plugin/,
    finding:
      'Ao plural {n} de "more" falta a forma "one".\n  Adicione essa forma.\nMais informações: dcesop explain i18n-plural',
    items: /A lista em \/i18n\/locales deve ter pelo menos 1 item e é \[\]\./,
    fine: 'nada a corrigir\n',
    rule: /^i18n-plural, aplicada no `dcesop check` e ao empacotar\n\nUm plural sem as formas .*\n\nPor quê: .*\n\nO que fazer: /,
    contracts: /^1 contrato de consumidores em /,
    away: /O registro não responde em http:\S+: ninguém escuta ali, ECONNREFUSED\./,
    token: 'O registro não aceita o token do .npmrc (401). Faça login de novo: npm login',
    refused:
      'dcesop dev: O pacote não passa na verificação.\n  a.txt é um link simbólico e faltaria no pacote. Coloque ali o próprio arquivo.\n  Of a newer host.',
    packed: /radio\/dist\/radio-0\.1\.0\.tgz empacotado \(\d+ KiB\)/,
    verified:
      / verificado +radio 0\.1\.0, sha512 \w+…: \d+ arquivos, .*\n {2}não verificado +editor: o pacote não está assinado\n/,
  },
])('in a terminal of $language', (one) => {
  const run = (...words: string[]) => typed(one.language, ...words)
  const matching = (expected: string | RegExp): unknown =>
    typeof expected === 'string' ? expect.stringContaining(expected) : expect.stringMatching(expected)
  const says = (expected: string | RegExp, status = 0) => ({ status, told: matching(expected) })

  it('the help and mistakes of typing are told in it', async () => {
    expect(await started(one.language, ['help'])).toEqual(says(one.usage))
    expect(await run('yank', '--help')).toEqual(says(one.yank))
    expect(await run('pubish')).toEqual(says(one.unknown, 2))
    expect(await run('new')).toEqual(says(one.missing, 2))
    expect(await run('new', 'x', '--template')).toEqual(says(one.value, 2))
    expect(await run('check', dir)).toEqual(says(one.folder, 1))
  })

  it('findings and rules are told in it', async () => {
    expect(await run('check', plugin)).toEqual(says(one.fine))
    const manifest = path.join(plugin, 'dcesop.plugin.json')
    const catalogue = path.join(plugin, 'locales/en.json')
    const [before, texts] = [await readFile(manifest, 'utf8'), await readFile(catalogue, 'utf8')]
    try {
      for (const locale of ['es', 'pt-BR', 'en']) {
        const file = path.join(plugin, `locales/${locale}.json`)
        const more = locale === 'en' ? '{n, plural, other {# more}}' : '{n, plural, one {#} other {#}}'
        await writeFile(file, JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), more }))
      }
      expect(await run('check', plugin)).toEqual(says(one.finding, 1))
      await writeFile(catalogue, texts)
      await writeFile(manifest, before.replace(/"locales": \[[^\]]*\]/, '"locales": []'))
      expect(await run('check', plugin)).toEqual(says(one.items, 1))
    } finally {
      await writeFile(manifest, before)
      for (const locale of ['es', 'pt-BR', 'en']) {
        const file = path.join(plugin, `locales/${locale}.json`)
        const { more: _, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>
        await writeFile(file, JSON.stringify(rest))
      }
    }
    expect(await run('explain', 'i18n-plural')).toEqual(says(one.rule))
  })

  it('what a registry has to do with it is told in it', async () => {
    expect(await run('contracts', plugin, '--registry', registry)).toEqual(says(one.contracts))
    expect(await run('contracts', plugin, '--registry', nobody)).toEqual(says(one.away, 2))
    expect(await run('publish', plugin, '--unsigned', '--registry', registry)).toEqual(says(one.token, 2))
  })

  it('what a host refuses is told in it, as far as it is known here', async () => {
    expect(await run('dev', plugin, '--host', registry)).toEqual(says(one.refused, 2))
  })

  it('what is done is told in it', async () => {
    expect(await run('pack', plugin)).toEqual(says(one.packed))
    expect(await run('verify', path.join(plugin, 'dist/radio-0.1.0.tgz'))).toEqual(says(one.verified))
  })
})

it.each([
  ['es_CO.UTF-8', 'dcesop necesita Node 22.18 o posterior; este es v20.1.0.\n'],
  ['pt_BR.UTF-8', 'dcesop precisa do Node 22.18 ou posterior; este é o v20.1.0.\n'],
  ['C', 'dcesop needs Node 22.18 or later; this is v20.1.0.\n'],
])('an older Node is refused in a sentence in a terminal of %s', async (language, told) => {
  const define = (name: string, value: unknown) =>
    `Object.defineProperty(process,${JSON.stringify(name)},{value:${JSON.stringify(value)}})`
  const older = `data:text/javascript,${define('versions', { node: '20.1.0' })};${define('version', 'v20.1.0')}`
  expect(await started(language, [], ['--import', older])).toEqual({ status: 2, told })
  // Node links these before the first line runs, and an older one does not know every name.
  expect(await readFile(program, 'utf8')).not.toMatch(/^import /m)
})

it('what a script reads is the same in every language', async () => {
  const answer = { package: '@acme/dcesop-radio', counts: [], latest: [] }
  const told = createServer((_request, response) => response.end(JSON.stringify(answer)))
  await new Promise<void>((resolve) => told.listen(0, '127.0.0.1', resolve))
  const at = `127.0.0.1:${(told.address() as AddressInfo).port}`
  await writeFile(path.join(dir, '.npmrc'), `//${at}/:_authToken=one\n`)
  try {
    const json = (language: string) =>
      typed(language, 'incidents', '@acme/dcesop-radio', '--json', '--registry', `http://${at}`)
    const [english, spanish] = [await json('en_US.UTF-8'), await json('es_CO.UTF-8')]
    expect(JSON.parse(english.told)).toEqual(answer)
    expect(spanish).toEqual(english)
  } finally {
    told.close()
  }
})

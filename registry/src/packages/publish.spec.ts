import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '@dcesop/sdk-plugin/host'
import { libraryTarball, pluginTarball, publishBody } from '../testing/packages.ts'
import { startTestRegistry, type TestRegistry } from '../testing/test-registry.ts'

let registry: TestRegistry
let ana: string
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
})
afterAll(() => registry.stop())

const packument = async (name: string) => (await registry.send('GET', `/${name}`)).body as Record<string, Json>
const codesOf = ({ body }: { body: Json }) => ((body['errors'] ?? []) as Json[]).map(({ code }) => code).sort()

describe('publishing', () => {
  it('shows a library with what its tarball says, and serves its bytes', async () => {
    const name = '@ana/tools'
    const files = { 'README.md': '# Tools', 'cli.js': '' }
    const tarball = await libraryTarball({ name, packageJson: { bin: './cli.js', description: 'real' }, files })
    const sent = await registry.publish(ana, {
      name,
      packageJson: { description: 'claimed', bin: './evil.js' },
      tarball,
    })
    expect(sent.status).toBe(201)
    const shown = await packument('@ana%2ftools')
    expect(shown).toMatchObject({ name, 'dist-tags': { latest: '1.0.0' }, readme: '# Tools', description: 'real' })
    expect(shown['versions']?.['1.0.0']).toMatchObject({ bin: { tools: './cli.js' }, description: 'real' })
    const { dist } = shown['versions']?.['1.0.0'] as { dist: { tarball: string; fileCount: number } }
    expect(dist).toMatchObject({ fileCount: 3, tarball: `${registry.url}/@ana/tools/-/tools-1.0.0.tgz` })
    const served = await fetch(dist.tarball)
    expect(Buffer.from(await served.arrayBuffer()).equals(tarball)).toBe(true)
  })

  it('takes a plugin through the same checks as pack and install', async () => {
    const name = '@ana/dcesop-demo'
    expect((await registry.publish(ana, { name, tarball: await pluginTarball(name) })).status).toBe(201)
    expect((await packument('@ana%2fdcesop-demo'))['versions']?.['1.0.0']).toMatchObject({ dcesop: { kind: 'plugin' } })
    const wrong = await registry.publish(ana, { name: '@ana/dcesop-other', tarball: await pluginTarball(name) })
    expect(wrong.status).toBe(422)
    expect(codesOf(wrong)).toEqual(['identity-name'])
  })

  it('refuses with the findings of every check at once, and shows nothing', async () => {
    const refused = await registry.publish(ana, {
      name: '@ana/dcesop-bad',
      packageJson: { scripts: { postinstall: 'curl evil' } },
      tarball: await libraryTarball({ name: '@ana/else', packageJson: { scripts: { postinstall: 'curl evil' } } }),
    })
    expect(refused.status).toBe(422)
    expect(codesOf(refused)).toEqual(['identity-name', 'install-script', 'kind-library-name'])
    expect(refused.body['errors']).toContainEqual(
      expect.objectContaining({
        code: 'install-script',
        fix: expect.any(String),
        page: 'docs/checks/install-scripts.md',
      }),
    )
    // npm prints this member alone.
    expect(refused.body['error']).toMatch(/kind-library-name: [^]*install-script: .*postinstall/)
    expect((await registry.send('GET', '/@ana%2fdcesop-bad')).status).toBe(404)
  })

  it('never replaces a version', async () => {
    expect((await registry.publish(ana, { name: '@ana/fixed', files: { a: '1' } })).status).toBe(201)
    const again = await registry.publish(ana, { name: '@ana/fixed', files: { a: '2' } })
    expect([again.status, again.body['code']]).toEqual([409, 'version_exists'])
  })

  it('lets exactly one of many win the same version, and all of many different ones', async () => {
    const same = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        registry.publish(ana, { name: '@ana/race', files: { n: String(index) } }),
      ),
    )
    expect(same.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409])
    const versions = ['1.1.0', '1.2.0', '1.3.0', '1.4.0']
    const different = await Promise.all(
      versions.map((version) => registry.publish(ana, { name: '@ana/race', version })),
    )
    expect(different.map(({ status }) => status)).toEqual([201, 201, 201, 201])
    expect(Object.keys((await packument('@ana%2frace'))['versions'] ?? {}).sort()).toEqual(['1.0.0', ...versions])
  })

  it('puts a first version under latest, and later ones where they are tagged', async () => {
    await registry.publish(ana, { name: '@ana/tagged', version: '2.0.0-rc.1', tag: 'next' })
    await registry.publish(ana, { name: '@ana/tagged', version: '1.0.0' })
    await registry.publish(ana, { name: '@ana/tagged', version: '2.0.0-rc.2', tag: 'next' })
    expect((await packument('@ana%2ftagged'))['dist-tags']).toEqual({ next: '2.0.0-rc.2', latest: '1.0.0' })
  })

  it('moves many tags of a package at once', async () => {
    await registry.publish(ana, { name: '@ana/many-tags' })
    const names = Array.from({ length: 6 }, (_, number) => `channel-${number}`)
    const answers = await Promise.all(
      names.map((tag) =>
        registry.send('PUT', `/-/package/@ana%2fmany-tags/dist-tags/${tag}`, { token: ana, body: '"1.0.0"' }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 201))
    const { body } = await registry.send('GET', '/-/package/@ana%2fmany-tags/dist-tags')
    expect(Object.keys(body).sort()).toEqual([...names, 'latest'])
  })

  it.each([
    [
      'another integrity',
      (body: Json) => (distOf(body)['integrity'] = `sha512-${'A'.repeat(86)}==`),
      'integrity_mismatch',
    ],
    ['another shasum', (body: Json) => (distOf(body)['shasum'] = '0'.repeat(40)), 'integrity_mismatch'],
    ['another length', (body: Json) => (attachmentOf(body)['length'] = 3), 'integrity_mismatch'],
    ['no base64', (body: Json) => (attachmentOf(body)['data'] = 'a*b='), 'invalid_publish'],
    ['base64 after its padding', (body: Json) => (attachmentOf(body)['data'] = 'AA==AAAA'), 'invalid_publish'],
    ['no version', (body: Json) => (body['versions'] = {}), 'invalid_publish'],
    ['another name', (body: Json) => (body['name'] = '@ana/elsewhere'), 'invalid_publish'],
    ['a tarball named into another folder', renameAttachment, 'invalid_publish'],
    ['a tag that is a range', (body: Json) => (body['dist-tags'] = { '^1.0.0': '1.0.0' }), 'invalid_tag'],
  ])('refuses a document with %s, and keeps nothing of it', async (_what, spoil, code) => {
    const body = await publishBody({ name: '@ana/spoilt' })
    spoil(body)
    const answer = await registry.send('PUT', '/@ana%2fspoilt', { token: ana, body })
    expect([answer.status, answer.body['code']]).toEqual([400, code])
    expect((await registry.send('GET', '/@ana%2fspoilt')).status).toBe(404)
    expect(await readdir(join(registry.directory, 'spool'))).toEqual([])
  })

  it.each([{}, { data: 5 }, { data: null }, { data: '' }, { stub: true }])(
    'is told what is missing of a tarball that is %j',
    async (attachment) => {
      const name = '@ana/empty'
      const body = { ...(await publishBody({ name })), _attachments: { 'empty-1.0.0.tgz': attachment } }
      const { status, body: refused } = await registry.send('PUT', '/@ana%2fempty', { token: ana, body })
      expect([status, refused['detail']]).toEqual([400, expect.stringContaining('"_attachments/empty-1.0.0.tgz/data"')])
    },
  )

  it('takes no more tags than installers should have to read', async () => {
    const name = '@ana/often'
    const body = await publishBody({ name })
    const tags = Array.from({ length: 100 }, (_, index) => `t${index}`)
    const put = (wanted: readonly string[]) =>
      registry.send('PUT', '/@ana%2foften', {
        token: ana,
        body: { ...body, 'dist-tags': Object.fromEntries(wanted.map((tag) => [tag, '1.0.0'])) },
      })
    expect(await put(tags)).toMatchObject({ status: 400, body: { code: 'invalid_tag' } })
    expect((await registry.send('GET', '/@ana%2foften')).status).toBe(404)
    expect((await put(tags.slice(1))).status).toBe(201)
    const one = (tag: string) =>
      registry.send('PUT', `/-/package/@ana%2foften/dist-tags/${tag}`, { token: ana, body: '"1.0.0"' })
    expect(await one('more')).toMatchObject({ status: 400, body: { code: 'invalid_tag' } })
    expect((await one('t5')).status).toBe(201)
  })

  it('changes only "deprecated" when a whole document is put', async () => {
    await registry.publish(ana, { name: '@ana/old' })
    const read = async () => JSON.parse(JSON.stringify(await packument('@ana%2fold'))) as Record<string, Json>
    const put = (body: Json) => registry.send('PUT', '/@ana%2fold', { token: ana, body })
    const document = await read()
    ;(document['versions']?.['1.0.0'] as Json)['deprecated'] = 'use @ana/new'
    expect((await put(document)).status).toBe(200)
    expect((await read())['versions']?.['1.0.0']).toMatchObject({ deprecated: 'use @ana/new' })
    // The revision that this document carries is gone.
    expect((await put(document)).body['code']).toBe('stale_revision')
    const tampered = await read()
    ;(tampered['versions']?.['1.0.0'] as Json)['main'] = 'evil.js'
    expect((await put(tampered)).body['code']).toBe('not_supported')
    expect(
      (await registry.send('PUT', '/@ana%2fold/-rev/1-other', { token: ana, body: await read() })).body['code'],
    ).toBe('stale_revision')
    const emptied = { ...(await read()), versions: {} }
    expect((await put(emptied)).body).toMatchObject({
      code: 'unpublish_refused',
      detail: expect.stringContaining('dcesop yank'),
    })
  })

  it.each([
    ['readme', '# Another'],
    ['time', {}],
    ['maintainers', []],
    ['description', 'another'],
    ['name', '@ana/other'],
    ['_id', '@ana/other'],
    ['dist-tags', { latest: '9.9.9' }],
    ['access', 'restricted'],
  ])('does not say that it took another "%s" in such a document', async (member, value) => {
    await registry.publish(ana, { name: '@ana/whole', files: { 'README.md': '# One' } })
    const document = (await registry.send('GET', '/@ana%2fwhole')).body
    const put = (body: Json) => registry.send('PUT', '/@ana%2fwhole', { token: ana, body })
    expect((await put(document)).status).toBe(200)
    const { status, body } = await put({ ...document, [member]: value })
    expect([status, body['code']]).toEqual([403, 'not_supported'])
  })

  it('takes no name that is an address of the registry itself: nobody could read it', async () => {
    for (const name of ['healthz', 'readyz']) {
      const { status, body } = await registry.publish(ana, { name })
      expect([status, body['code']]).toEqual([403, 'reserved_name'])
    }
  })

  it('publishes nothing to all that somebody asked npm or pnpm to restrict', async () => {
    const name = '@ana/private'
    const restricted = { ...(await publishBody({ name })), access: 'restricted' }
    const put = (agent: string) =>
      registry.send('PUT', '/@ana%2fprivate', { token: ana, body: restricted, headers: { 'user-agent': agent } })
    for (const agent of ['npm/11.6.0 node/v24.0.0 linux x64', 'pnpm/11.28.10 npm/? node/v24.0.0 linux x64'])
      expect(await put(agent)).toMatchObject({
        status: 400,
        body: { code: 'not_supported', error: expect.stringContaining('cannot be restricted') as string },
      })
    expect((await registry.send('GET', '/@ana%2fprivate')).status).toBe(404)
    // Of a scoped package yarn says it by itself.
    expect((await put('got (https://github.com/sindresorhus/got)')).status).toBe(201)
  })

  it('answers unpublish with the command that yanks', async () => {
    const answer = await registry.send('DELETE', '/@ana%2ftools/-rev/1-0', { token: ana })
    expect([answer.status, answer.body['error']]).toEqual([
      403,
      expect.stringContaining('dcesop yank @ana/tools@<version> --class'),
    ])
  })
})

const distOf = (body: Json) => ((body['versions'] as Json)['1.0.0'] as Json)['dist'] as Json
const attachmentOf = (body: Json) => Object.values(body['_attachments'] as Json)[0] as Json
function renameAttachment(body: Json): void {
  body['_attachments'] = { '../../../etc/spoilt-1.0.0.tgz': attachmentOf(body) }
}

import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'
import { minimalManifest } from '../testing/manifest.ts'
import { PackageError } from '../findings/finding.ts'
import { packFiles } from './pack.ts'
import { readPackage } from './read.ts'
import { readTarball, writeTarball } from './tarball.ts'

function sampleFiles(change: Record<string, string> = {}): Map<string, Buffer> {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: '@acme/dcesop-demo', version: '1.0.0' }),
    'dcesop.plugin.json': JSON.stringify(minimalManifest()),
    'locales/es.json': '{}',
    'locales/pt-BR.json': '{}',
    'locales/en.json': '{}',
    ...change,
  }
  return new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))
}

const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`

async function rulesOf(work: Promise<unknown>): Promise<string[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof PackageError)) throw new Error(`Not refused: ${String(error)}`)
  return error.findings.map((finding) => finding.rule)
}

async function tarballOf(headers: { name: string; type?: 'symlink' | 'file'; linkname?: string }[]): Promise<Buffer> {
  const pack = tar.pack()
  for (const header of headers) {
    if (header.type === 'symlink') pack.entry(header)
    else pack.entry(header, 'x')
  }
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}

describe('a plugin package', () => {
  it('reads back as it was packed, and packs to the same bytes each time', async () => {
    const first = await packFiles(sampleFiles())
    expect((await packFiles(sampleFiles())).equals(first)).toBe(true)
    const read = await readPackage(first)
    expect(read.manifest.id).toBe('demo')
    expect(Object.keys(read.fileList)).toEqual([...sampleFiles().keys()].sort())
    expect(read.sha512).toMatch(/^[0-9a-f]{128}$/)
  })

  it('is refused with a manifest that nobody could read', async () => {
    const manifest = { ...minimalManifest(), 'x-notes': 'k'.repeat(600 * 1024) }
    const files = sampleFiles({ 'dcesop.plugin.json': JSON.stringify(manifest) })
    expect(await rulesOf(packFiles(files))).toEqual(['package-manifest'])
  })

  it('is refused with another plugin among what it bundles, as its bill of materials says', async () => {
    const bill = (group: string, name: string) =>
      JSON.stringify({ bomFormat: 'CycloneDX', components: [{ group, name }] })
    const packed = (group: string, name: string) => packFiles(sampleFiles({ 'sbom.cdx.json': bill(group, name) }))
    expect(await rulesOf(packed('@acme', 'dcesop-radio'))).toEqual(['package-other-plugin'])
    await expect(packed('@acme', 'charts')).resolves.toBeInstanceOf(Buffer)
  })

  it('is refused with modules that are texts for eval', async () => {
    // As webpack 5 writes them with devtool "eval-source-map".
    const map = JSON.stringify(
      'let a = 1;//# sourceMappingURL=data:application/json;base64,e30=\n//# sourceURL=webpack-internal:///1\n',
    )
    const code = `({ 1: () => { eval(${map}); } })`
    expect(await rulesOf(packFiles(sampleFiles({ 'dist/ui/main.js': code })))).toEqual(['package-eval-map'])
    const harmless = 'const text = "//# sourceURL=" + name\n//# sourceMappingURL=main.js.map'
    await expect(packFiles(sampleFiles({ 'dist/ui/main.js': harmless }))).resolves.toBeInstanceOf(Buffer)
  })

  it('is refused when one byte of a listed file was changed', async () => {
    const files = await readTarball(await packFiles(sampleFiles()))
    files.set('locales/es.json', Buffer.from('{ }'))
    expect(await rulesOf(readPackage(await writeTarball(files)))).toEqual(['package-changed-file'])
  })

  it('is refused with a file that is not listed, and without one that is', async () => {
    const files = await readTarball(await packFiles(sampleFiles()))
    files.delete('locales/en.json')
    files.set('extra.js', Buffer.from('1'))
    expect(await rulesOf(readPackage(await writeTarball(files)))).toEqual(
      expect.arrayContaining(['package-unlisted-file', 'package-missing-file', 'package-locale']),
    )
  })

  it.each([
    [
      { 'package.json': '{"name":"@acme/dcesop-demo","version":"1.0.0","scripts":{"postinstall":"x"}}' },
      'package-install-script',
    ],
    [{ 'package.json': '{"name":"@acme/dcesop-demo","version":"1.0.0","bin":"x.js"}' }, 'package-bin'],
    [{ 'package.json': '{"name":"@acme/dcesop-demo","version":"1.0.1"}' }, 'package-version'],
    [{ 'package.json': '{"name":{"toString":1},"version":"1.0.0"}' }, 'package-name'],
    [{ 'package.json': '{"name":"left-pad","version":"1.0.0"}' }, 'package-name'],
    [{ 'addon.node': 'x' }, 'package-native-code'],
    [{ 'a.js': '1', 'A.js': '2' }, 'package-case-collision'],
    [{ 'node_modules/a/index.js': '1' }, 'package-node-modules'],
    [{ 'dcesop.plugin.json': '[]' }, 'package-manifest'],
    [{ 'dcesop.plugin.json': '{"id":1}' }, 'manifest-shape'],
    [{ 'dcesop.plugin.json': JSON.stringify(minimalManifest()).replace('{', '{"id":"other",') }, 'package-manifest'],
    [
      { 'dcesop.plugin.json': JSON.stringify(minimalManifest()).replace('{', '{"x-a":{"__proto__":1},') },
      'package-manifest',
    ],
    [{ 'dcesop.plugin.json': JSON.stringify(minimalManifest()).replace('{', `{"x-a":${deep},`) }, 'package-manifest'],
    [{ 'package.json': '{"name":"@acme/dcesop-demo","version":"1.0.0","directories":{"bin":"x"}}' }, 'package-bin'],
  ])('is refused at pack with %j', async (change, rule) => {
    expect(await rulesOf(packFiles(sampleFiles(change)))).toContain(rule)
  })

  it('is refused when people would wait for its user interface, whether in its entry or in all', async () => {
    // Cannot be compressed, as code that was minimized nearly cannot.
    const code = (kib: number) => randomBytes(kib * 768).toString('base64')
    const heavyEntry = { 'dist/ui/remoteEntry.js': code(24) }
    expect(await rulesOf(packFiles(sampleFiles(heavyEntry)))).toEqual(['ui-entry-size'])
    const heavyChunks = {
      'dist/ui/a.js': code(200),
      'dist/ui/b.css': `/*${code(200)}*/`,
      'dist/ui/remoteEntry.js': 'x',
    }
    const refused = packFiles(sampleFiles(heavyChunks))
    expect(await rulesOf(refused)).toEqual(['ui-size'])
    await expect(refused).rejects.toThrow(/256\.0 KiB are allowed.*dist\/ui\/[ab]/)
    expect(
      await packFiles(sampleFiles({ 'dist/ui/remoteEntry.js': code(8), 'dist/ui/font.woff2': code(400) })),
    ).toBeTruthy()
  })

  it.each([
    ['body { margin: 0 }', /has the selector "body"/],
    ['@import "https://fonts.example/x.css";', /has "@import"/],
    ['@font-face { font-family: Inter; src: url(x.woff2) }', /has "@font-face Inter"/],
    ['.a[data-v-1] { color: red } } body { margin: 0 }', /x\.css cannot be read as a stylesheet: .*Unexpected }/],
    ['.a[data-v-1] { color: red', /cannot be read as a stylesheet: .*Unclosed block/],
    [`${'a{'.repeat(20_000)}${'}'.repeat(20_000)}`, /cannot be read as a stylesheet: Maximum call stack/],
    ['\uFEFFbody{}', /cannot be read as a stylesheet: .*not valid/, 'utf16le' as const],
  ])('is refused with the style %s', async (css, told, encoding: BufferEncoding = 'utf8') => {
    const files = sampleFiles().set('dist/ui/lazy/x.css', Buffer.from(css, encoding))
    const refused = packFiles(files)
    expect([...new Set(await rulesOf(refused))]).toEqual(['ui-global-selector'])
    await expect(refused).rejects.toThrow(told)
    // What only its author sees, its author is told of.
    await expect(packFiles(files, [], { development: true })).resolves.toBeInstanceOf(Buffer)
  })

  it('is refused with more styles than can be looked at, and tells of many mistakes a few', async () => {
    const css = `${'a{b:c}'.repeat(1000)}${'/**/'.repeat(150_000)}`
    expect(await rulesOf(packFiles(sampleFiles({ 'dist/ui/x.css': css })))).toEqual(['ui-size'])
    const loose = Array.from({ length: 1000 }, (_, number) => `.a${number}{b:c}`).join('')
    expect((await rulesOf(packFiles(sampleFiles({ 'dist/ui/x.css': loose })))).length).toBe(20)
    const long = packFiles(sampleFiles({ 'dist/ui/x.css': `.${'a'.repeat(100_000)}{b:c}` }))
    expect(String(await long.catch(String)).length).toBeLessThan(1000)
  })

  it('may weigh more while its author tries it out, and is refused as soon as it is published', async () => {
    const code = randomBytes(30_000).toString('base64')
    const tried = await packFiles(sampleFiles({ 'dist/ui/remoteEntry.js': code }), [], { development: true })
    expect((await readPackage(tried, { development: true })).manifest.id).toBe('demo')
    expect(await rulesOf(readPackage(tried))).toEqual(['ui-entry-size'])
  })

  it.each([
    [[{ name: 'package/../../evil' }], 'package-unsafe-path'],
    [[{ name: '/etc/passwd' }], 'package-unsafe-path'],
    [[{ name: 'package/link', type: 'symlink' as const, linkname: '/etc/passwd' }], 'package-entry-type'],
    [[{ name: 'package/a' }, { name: 'package/a' }], 'package-duplicate'],
    [[{ name: 'package/a\u202Egpj.js' }], 'package-unsafe-path'],
    [[{ name: 'package/a\u009Bb' }], 'package-unsafe-path'],
    [[{ name: 'package/a\u200Bb' }], 'package-unsafe-path'],
  ])('refuses the tarball entries %j', async (headers, rule) => {
    expect(await rulesOf(readTarball(await tarballOf(headers)))).toEqual([rule])
  })

  it.each([
    ['a name', 'n'.repeat(256)],
    ['a path', 'folder/'.repeat(150)],
  ])('refuses %s that no file system takes', async (_what, path) => {
    expect(await rulesOf(readTarball(await tarballOf([{ name: `package/${path}x` }])))).toEqual(['package-unsafe-path'])
  })

  it.each([
    ['a', 'A', 'package-case-collision'],
    ['\u00E9', 'e\u0301', 'package-case-collision'],
    ['\u017F', 's', 'package-case-collision'],
    ['stra\u00DFe', 'STRASSE', 'package-case-collision'],
    ['a', 'a/b', 'package-duplicate'],
    ['a/b/c', 'A/B', 'package-duplicate'],
  ])('refuses "%s" beside "%s": some systems have room for one of them', async (...names) => {
    const rule = names.pop() as string
    const others = ['c/d', 'c/e', 'cd', 'c.d'].concat(names).map((name) => ({ name: `package/${name}` }))
    expect(await rulesOf(readTarball(await tarballOf(others)))).toEqual([rule])
  })

  it('refuses more folders than files could need', async () => {
    const pack = tar.pack()
    for (let n = 0; n < 5000; n += 1) pack.entry({ name: `package/${n}`, type: 'directory' })
    pack.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of pack) chunks.push(chunk as Buffer)
    expect(await rulesOf(readTarball(gzipSync(Buffer.concat(chunks))))).toEqual(['package-file-count'])
  })

  it('refuses bytes that are no tarball, and a truncated one', async () => {
    const packed = await packFiles(sampleFiles())
    expect(await rulesOf(readTarball(Buffer.from('hello')))).toEqual(['package-unreadable'])
    expect(await rulesOf(readTarball(packed.subarray(0, packed.length / 2)))).toEqual(['package-unreadable'])
  })

  it('refuses a decompression bomb before it fills the memory', async () => {
    const pack = tar.pack()
    pack.entry({ name: 'package/bomb' }, Buffer.alloc(80 * 1024 * 1024))
    pack.finalize()
    const chunks: Buffer[] = []
    for await (const chunk of pack) chunks.push(chunk as Buffer)
    expect(await rulesOf(readTarball(gzipSync(Buffer.concat(chunks), { level: 1 })))).toEqual(['package-unpacked-size'])
  })

  it('refuses a bomb of which no byte belongs to a file', async () => {
    const nothing = gzipSync(Buffer.alloc(80 * 1024 * 1024), { level: 1 })
    expect(await rulesOf(readTarball(nothing))).toEqual(['package-unpacked-size'])
  })
})

import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { dcesop, pluginForEach } from '../../testing/command-line.ts'
import { packagesLoadedBy } from '../../testing/loaded-packages.ts'

const author = pluginForEach()

describe('dcesop', () => {
  it('tells its version and its commands', async () => {
    expect(await dcesop('--version')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    })
    expect(await dcesop('help')).toMatchObject({ status: 0, out: expect.stringContaining('dcesop publish') as string })
  })

  it('explains a rule by which it refused', async () => {
    await writeFile(path.join(author.plugin, 'dcesop.plugin.json'), '{}')
    const refused = await dcesop('check', author.plugin)
    expect(refused).toMatchObject({
      status: 1,
      err: expect.stringMatching(
        /\nMore: dcesop explain manifest-shape \(docs\/rules\/manifest-shape\.md\)$/,
      ) as string,
    })
    const { status, out } = await dcesop('explain', 'manifest-shape')
    expect([status, out]).toEqual([0, expect.stringMatching(/^manifest-shape, .*\n\n.*\n\nWhy: .*\n\nWhat to do: /)])
    expect(await dcesop('explain', 'no-such-rule')).toMatchObject({ status: 2 })
    // As its findings name the page; who has the packed SDK alone has no docs folder.
    for (const field of ['backend', 'docs/manifest/backend.md'])
      expect(await dcesop('explain', field)).toMatchObject({
        status: 0,
        out: expect.stringMatching(/^# `backend`\n[^]*`backend\.routes\[\]\.timeoutMs`/) as string,
      })
  })

  it.each([
    [['pubish'], 'dcesop: "pubish" is not a command. Did you mean publish? dcesop --help tells all.'],
    [['xyzzy'], 'dcesop: "xyzzy" is not a command. dcesop --help tells all.'],
    [['new', 'x', '--tempalte', 'page'], 'dcesop new: --tempalte is none of its options. Did you mean --template?'],
    [['check', '-x'], 'dcesop check: -x is none of its options. There are: --json, --help.'],
    [['explain'], expect.stringMatching(/^dcesop explain: Name a rule: .*\n\npackage-unreadable, /) as string],
    [['new', 'x', '--publisher', 'A B'], expect.stringContaining('lower case, digits') as string],
    [['keygen', '/nowhere/my.pem'], 'dcesop keygen: There is no /nowhere.'],
    [['explain', 'manifst-shape'], expect.stringContaining('Did you mean manifest-shape?') as string],
  ])('says of %j what was meant', async (words, said) => {
    expect(await dcesop(...words)).toMatchObject({ status: 2, err: said })
  })

  it.each(['check', 'contracts'])('loads no compiler for %s, which only reads the sources', async (name) => {
    const command = path.join(import.meta.dirname, `commands/${name}.ts`)
    const loaded = await packagesLoadedBy(`await import(${JSON.stringify(command)})`)
    const compilers = [
      'webpack',
      'vue-loader',
      'esbuild',
      '@module-federation/enhanced',
      '@cyclonedx/cyclonedx-library',
    ]
    expect(compilers.filter((one) => loaded.has(one))).toEqual([])
  })

  it('tells of one command what belongs to it', async () => {
    const { status, out } = await dcesop('yank', '--help')
    expect([status, out.split('\n').length]).toEqual([0, 2])
    expect(out).toMatch(/^ {2}dcesop yank NAME@VERSION .*\n +--undo/)
    expect((await dcesop('test', '-h')).out.match(/dcesop/g)).toHaveLength(2)
  })

  it.each([
    ['pnpm/11.28.10 npm/? node/v24.21.0 linux x64', 'pnpm', true],
    ['yarn/4.18.1 npm/? node/v24.21.0 linux x64', 'yarn', false],
    ['npm/11.19.1 node/v24.21.0 linux x64 workspaces/false', 'npm', false],
  ])('goes on with what called it: %s', async (agent, manager, asksForScripts) => {
    const before = process.env['npm_config_user_agent']
    process.env['npm_config_user_agent'] = agent
    try {
      const { out } = await dcesop('new', path.join(author.dir, 'fresh'), '--publisher', 'acme')
      expect(out).toContain(`\n  ${manager} install\n  ${manager} test\n  ${manager} run dev`)
      // Without it pnpm ends each installation with an error.
      expect((await readdir(path.join(author.dir, 'fresh'))).includes('pnpm-workspace.yaml')).toBe(asksForScripts)
    } finally {
      if (before === undefined) delete process.env['npm_config_user_agent']
      else process.env['npm_config_user_agent'] = before
    }
  })

  it('tells the next step so that a shell takes it, wherever the folder is', async () => {
    const spaced = path.join(author.dir, "Ana's folder", 'fresh')
    const { out } = await dcesop('new', spaced, '--publisher', 'acme')
    const typed = `cd ${path.relative(process.cwd(), spaced).replace("Ana's folder", String.raw`Ana'\''s folder`)}`
    expect(out).toContain(`\n  ${typed.replace('cd ', "cd '")}'\n`)
  })

  it('does nothing when there is a word too many', async () => {
    const { status, err } = await dcesop('new', path.join(author.dir, 'one'), 'two')
    expect([status, err]).toEqual([2, 'dcesop new: "two" is one word too many.'])
    expect(await readdir(author.dir)).toEqual(['radio'])
  })

  it.each(['build', 'check', 'pack', 'update', 'publish', 'test', 'dev'])(
    '%s says of a folder that it holds no plugin',
    async (name) => {
      const key = name === 'publish' ? ['--unsigned'] : []
      for (const folder of [author.dir, path.join(author.dir, 'nowhere')]) {
        const { status, err } = await dcesop(name, folder, ...key)
        expect([status, err]).toEqual([1, expect.stringMatching(/^source-missing: There is no \S+ in .*\n {2}\S/)])
      }
      expect(await readdir(author.dir)).toEqual(['radio'])
    },
  )

  it.each(['build', 'check', 'pack', 'update'])(
    '%s says that the manifest is no JSON, and changes nothing',
    async (name) => {
      const file = path.join(author.plugin, 'dcesop.plugin.json')
      for (const text of ['{', '[]', 'null']) {
        await writeFile(file, text)
        await rm(path.join(author.plugin, 'dcesop.update.json'), { force: true })
        const { status, err } = await dcesop(name, author.plugin)
        expect([status, err]).toEqual([
          1,
          expect.stringMatching(/^dcesop\.plugin\.json:1: source-json: dcesop\.plugin\.json /),
        ])
        expect(await readFile(file, 'utf8')).toBe(text)
      }
    },
  )

  it.each([
    ['package.json that is none', 'publish', 'package.json', '{', 'source-json: package.json is not JSON'],
    ['an update record that is none', 'update', 'dcesop.update.json', 'x', 'source-json: dcesop.update.json'],
    ['a catalogue that is none', 'check', 'locales/en.json', '{', 'source-json: locales/en.json'],
    [
      'a message that is no text',
      'check',
      'locales/en.json',
      '{"plugin.title":1}',
      'locales/en.json:1: i18n-parse: "plugin.title" is not a text',
    ],
    ['sources that do not compile', 'build', 'server/main.ts', 'this is wrong', 'server/main.ts:1:5'],
  ])('says of %s which file it is', async (_what, name, file, text, sentence) => {
    await writeFile(path.join(author.plugin, file), text)
    const key = name === 'publish' ? ['--unsigned'] : []
    expect(await dcesop(name, author.plugin, ...key)).toMatchObject({
      status: 1,
      err: expect.stringContaining(sentence) as string,
    })
  })

  it('says of a catalogue that cannot be read why', async () => {
    const file = path.join(author.plugin, 'locales/en.json')
    await rm(file)
    expect(await dcesop('check', author.plugin)).toMatchObject({
      status: 1,
      err: expect.stringContaining('source-missing') as string,
    })
    await symlink('en.json', file)
    expect(await dcesop('check', author.plugin)).toMatchObject({
      status: 1,
      err: expect.stringContaining('ELOOP') as string,
    })
  })

  it('asks for an installation before specs that would not find the SDK', async () => {
    const err = expect.stringMatching(/^dcesop test: The SDK is not installed in .+: npm install$/) as string
    expect(await dcesop('test', author.plugin)).toMatchObject({ status: 2, err })
  })

  it('names the file that is in the way', async () => {
    await writeFile(path.join(author.plugin, 'dist'), '')
    const built = await dcesop('build', author.plugin)
    expect(built).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^dcesop build: \S+radio\/dist is there already\.$/) as string,
    })
    await rm(path.join(author.plugin, 'dist'))
    const file = path.join(author.dir, 'file')
    await writeFile(file, '')
    for (const words of [
      ['new', file],
      ['pack', author.plugin, '--out', file],
    ]) {
      const { status, err } = await dcesop(...words)
      expect([status, err]).toEqual([2, expect.stringContaining(file)])
      expect(err.split('\n')).toHaveLength(1)
    }
  })

  it.each(['check', 'pack'])('%s looks through the templates for what leaves people out', async (name) => {
    await mkdir(path.join(author.plugin, 'ui/parts'), { recursive: true })
    await writeFile(path.join(author.plugin, 'ui/parts/close.vue'), '<template>\n  <button @click="x" />\n</template>')
    expect(await dcesop(name, author.plugin)).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^ui\/parts\/close\.vue:2: ui-control-name: <button> has no name\./) as string,
    })
  })

  it('tells CI and editors what it finds as JSON, in English in every terminal', async () => {
    const json = async () => {
      const { status, out, err } = await dcesop('check', author.plugin, '--json')
      return { status, err, ...(JSON.parse(out) as { findings: object[] }) }
    }
    expect(await json()).toEqual({ status: 0, err: '', findings: [] })
    await mkdir(path.join(author.plugin, 'ui'))
    await writeFile(path.join(author.plugin, 'ui/close.vue'), '<template>\n  <button @click="x" />\n</template>')
    const before = process.env['DCESOP_LANG']
    process.env['DCESOP_LANG'] = 'es'
    try {
      expect(await json()).toEqual({
        status: 1,
        err: '',
        findings: [
          {
            rule: 'ui-control-name',
            code: 'ui-control-name',
            params: { tag: 'button' },
            file: 'ui/close.vue',
            line: 2,
            message: '<button> has no name.',
            fix: expect.stringMatching(/^Write its text inside/) as string,
            page: 'docs/rules/ui-control-name.md',
          },
        ],
      })
    } finally {
      if (before === undefined) delete process.env['DCESOP_LANG']
      else process.env['DCESOP_LANG'] = before
    }
    await writeFile(path.join(author.plugin, 'dcesop.plugin.json'), '{')
    expect(await json()).toMatchObject({
      status: 1,
      findings: [{ rule: 'source-json', file: 'dcesop.plugin.json', line: 1 }],
    })
    await rm(path.join(author.plugin, 'dcesop.plugin.json'))
    expect((await json()).findings).toEqual([expect.not.objectContaining({ file: expect.anything() as unknown })])
  })

  it.each(['check', 'pack'])('%s holds package.json against the manifest', async (name) => {
    await writeFile(
      path.join(author.plugin, 'package.json'),
      JSON.stringify({ name: '@acme/dcesop-other', version: '0.2.0' }),
    )
    expect(await dcesop(name, author.plugin)).toEqual({
      status: 1,
      out: '',
      err: [
        'package.json:1: package-version: package.json says version "0.2.0", the manifest "0.1.0".',
        '  Make manifest and package agree, then pack again.',
        'package.json:1: package-name: package.json says name "@acme/dcesop-other"; it must be "@<publisher>/dcesop-radio".',
        '  Make manifest and package agree, then pack again.',
        'More: dcesop explain package-version (docs/rules/package-version.md)',
        'More: dcesop explain package-name (docs/rules/package-name.md)',
      ].join('\n'),
    })
  })

  it('leaves no half of a key pair', async () => {
    const file = path.join(author.dir, 'one.pem')
    await mkdir(path.join(author.dir, 'one.pub.pem'))
    expect(await dcesop('keygen', file)).toMatchObject({
      status: 2,
      err: expect.stringContaining('one.pub.pem') as string,
    })
    await rm(path.join(author.dir, 'one.pub.pem'), { recursive: true })
    expect(await dcesop('keygen', file)).toMatchObject({ status: 0 })
  })

  it('asks for the file that is to be verified', async () => {
    const err = 'dcesop verify: Name the file: dcesop verify FILE, a .tgz or a bundle.'
    expect(await dcesop('verify')).toMatchObject({ status: 2, err })
  })

  it('tells of a file that is neither package nor bundle that it cannot be read, and asks for no key', async () => {
    const page = path.join(author.dir, 'radio-0.1.0.tgz')
    for (const bytes of ['', '<html>Please sign in to the proxy.</html>'.repeat(20)]) {
      await writeFile(page, bytes)
      const { status, out } = await dcesop('verify', page)
      expect([status, out]).toEqual([1, expect.stringContaining('package-unreadable: ')])
    }
  })

  it('takes no age of a bundle that is no number: such a bundle would never be too old', async () => {
    for (const days of ['soon', '0', '-1', ''])
      expect(await dcesop('verify', path.join(author.plugin, 'package.json'), `--max-age-days=${days}`)).toMatchObject({
        status: 2,
        err: 'dcesop verify: --max-age-days takes a number of days.',
      })
  })

  it('signs with nothing that is no private key, and says what it is', async () => {
    const key = path.join(author.dir, 'mine.pem')
    expect(await dcesop('keygen', key)).toMatchObject({ status: 0 })
    for (const [file, why] of [
      [path.join(author.dir, 'mine.pub.pem'), 'is the public half of a key'],
      [path.join(author.plugin, 'package.json'), 'is no private key of a publisher'],
      [path.join(author.dir, 'nowhere.pem'), '"dcesop keygen" makes a key'],
    ] as const)
      expect(await dcesop('pack', author.plugin, '--key', file)).toMatchObject({
        status: 2,
        err: expect.stringContaining(why) as string,
      })
  })
})

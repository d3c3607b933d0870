import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readPackage } from '@dcesop/sdk-plugin/package'
import { dcesop } from '../../sdk-plugin/testing/command-line.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'

jest.setTimeout(180_000)

let partner: Partner
beforeAll(async () => {
  partner = await openPartner()
  jest.spyOn(process, 'cwd').mockReturnValue(partner.dir)
})
afterAll(async () => {
  jest.restoreAllMocks()
  await partner?.dispose()
})

describe('dcesop new', () => {
  it.each(['page', 'panel', 'backend', 'integration'])(
    'writes a %s that passes its specs, is checked and packs as it is',
    async (template) => {
      // The packed SDK and npm are started where that alone tells more; the compiler is loaded once.
      const made = await dcesop('new', `radio-${template}`, '--template', template, '--publisher', 'acme')
      expect(made).toMatchObject({ status: 0 })
      const tested = await partner.sh(`cd radio-${template} && dcesop test`)
      expect(tested).toMatchObject({ status: 0, out: expect.stringMatching(/fail 0/) })
      expect(tested.out).toMatch(/pass [4-9]/)
      expect(await dcesop('pack', `radio-${template}`)).toMatchObject({ status: 0 })
      const tarball = await readFile(path.join(partner.dir, `radio-${template}/dist/radio-${template}-0.1.0.tgz`))
      const { manifest, files } = await readPackage(tarball)
      expect(manifest.id).toBe(`radio-${template}`)
      expect(JSON.parse(String(files.get('package.json')))).toMatchObject({ name: `@acme/dcesop-radio-${template}` })
      for (const [name, content] of files)
        expect([name, /template[- ](id|title|publisher)/i.test(String(content))]).toEqual([name, false])
    },
  )

  it('gives the editor types that find mistakes, and those alone', async () => {
    await partner.sh('dcesop new typed')
    await partner.sh(`echo "export const broken: number = 'text'" >> typed/server/estimate.ts`)
    await partner.sh(
      `sed -i 's/data.technology/data.colour/; s/:query="estimate"/:query="estimate" :skeleton-lines="true"/' typed/ui/estimate-page.vue`,
    )
    const checked = await partner.sh('cd typed && npm run check')
    expect(checked.status).not.toBe(0)
    const mistaken = [...checked.out.matchAll(/^(\S+\.(?:ts|vue))[(:]\d/gm)].map(([, file]) => file)
    expect([...new Set(mistaken)].sort()).toEqual(['server/estimate.ts', 'ui/estimate-page.vue'])
  })

  it('takes the SDK from where the package around it has it: npm would look for it elsewhere', async () => {
    const source = { '@dcesop/sdk-plugin': 'file:../sdk/dcesop-sdk-plugin-0.1.0.tgz' }
    await writeFile(path.join(partner.dir, 'package.json'), JSON.stringify({ dependencies: source }))
    expect(await dcesop('new', 'below/radio', '--publisher', '@acme')).toMatchObject({ status: 0 })
    await rm(path.join(partner.dir, 'package.json'))
    const file = await readFile(path.join(partner.dir, 'below/radio/package.json'), 'utf8')
    expect(JSON.parse(file)).toMatchObject({
      name: '@acme/dcesop-radio',
      devDependencies: { '@dcesop/sdk-plugin': 'file:../../../sdk/dcesop-sdk-plugin-0.1.0.tgz' },
    })
  })

  it('needs a name only', async () => {
    expect(await partner.sh('dcesop new plain')).toMatchObject({ status: 0 })
    const file = await readFile(path.join(partner.dir, 'plain/package.json'), 'utf8')
    expect(JSON.parse(file)).toMatchObject({ name: '@my-company/dcesop-plain', version: '0.1.0' })
    const manifest = await readFile(path.join(partner.dir, 'plain/dcesop.plugin.json'), 'utf8')
    // Where an installation in the plugin's own folder puts it.
    const { $schema } = JSON.parse(manifest) as { $schema: string }
    const schema = await readFile(path.join(partner.dir, $schema), 'utf8')
    expect(JSON.parse(schema)).toMatchObject({ title: 'DCESOP plugin manifest' })
  })

  it.each([
    ['new', 'Name the folder'],
    ['new Wrong_Name', 'is no plugin id'],
    ['new x --template desktop', 'there are page, panel, backend, integration'],
    ['new node_modules --id fine', 'is not empty'],
    ['new x --colour red', '--colour is none of its options'],
  ])('says what is wrong with "dcesop %s"', async (words, sentence) => {
    expect(await dcesop(...words.split(' '))).toMatchObject({ status: 2, err: expect.stringContaining(sentence) })
  })
})

it('a spec that fails makes npm test fail, and nothing else', async () => {
  await partner.sh('dcesop new broken --template backend')
  await partner.sh(`sed -i 's/perPerson = 5/perPerson = 6/' broken/server/estimate.ts`)
  expect(await partner.sh('cd broken && npm test')).toMatchObject({ status: 1 })
  expect(await partner.sh('cd broken && npm run pack')).toMatchObject({ status: 0 })
})

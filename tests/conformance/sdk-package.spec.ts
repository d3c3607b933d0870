import { cp, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { packCommand } from '../../config/scripts/lib/build.mjs'
import { openPartner, packedSdk, type Partner } from '../support/partner-folder.ts'

jest.setTimeout(180_000)

const root = path.resolve(import.meta.dirname, '../..')
const echo = path.join(root, 'tests/fixtures/echo')
let partner: Partner
beforeAll(async () => {
  partner = await openPartner()
})
afterAll(() => partner?.dispose())

describe('the packed SDK', () => {
  it('builds the same package outside of the workspace as inside', async () => {
    await cp(echo, path.join(partner.dir, 'echo'), { recursive: true })
    const ours = `node ${path.join(root, 'sdk-plugin/bin/dcesop.mjs')}`
    expect(await partner.sh(`dcesop pack echo --out theirs && ${ours} pack echo --out ours`)).toMatchObject({
      status: 0,
    })
    const packed = (by: string) => readFile(path.join(partner.dir, by, 'echo-1.0.0.tgz'))
    expect((await packed('theirs')).equals(await packed('ours'))).toBe(true)
  })

  it('offers every door that its package.json names, with types', async () => {
    const folder = path.join(partner.dir, 'node_modules/@dcesop/sdk-plugin')
    const { exports } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')) as {
      exports: Record<string, string | { types: string; default: string }>
    }
    const files = Object.values(exports).flatMap((door) => (typeof door === 'string' ? door : Object.values(door)))
    for (const file of files) expect((await stat(path.join(folder, file))).isFile()).toBe(true)
    const doors = Object.keys(exports).filter((door) => !/\.(css|json)$/.test(door))
    const program = doors.map((door) => `await import('@dcesop/sdk-plugin${door.slice(1)}')`).join(';')
    expect(await partner.sh(`node --input-type=module -e "${program}"`)).toEqual({ status: 0, out: '' })
  })

  it('is packed by the command that its pages name', async () => {
    // The build has packed by it what is installed here; packing takes as long as all else in this file.
    expect(await readFile(path.join(root, 'docs/tutorial.md'), 'utf8')).toContain(`\`${packCommand}\` makes it`)
    expect(path.basename(await packedSdk())).toBe('dcesop-sdk-plugin-0.1.0.tgz')
  })

  it('is not packed from its sources by accident', async () => {
    const outcome = await partner.sh(`npm pack ${path.join(root, 'sdk-plugin')}`)
    expect(outcome.status).not.toBe(0)
    expect(outcome.out).toContain('npm run pack -w sdk-plugin')
  })
})

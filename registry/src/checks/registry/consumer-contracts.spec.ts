import { contractDigest, packFiles } from '@dcesop/sdk-plugin/package'
import { createHash } from 'node:crypto'
import { pluginFiles } from '../../testing/packages.ts'
import { type Answer, startTestRegistry, type TestRegistry } from '../../testing/test-registry.ts'

const own = '/-/dcesop/v1'
const capability = 'people.directory'
const contract = {
  capability,
  range: '^1.0.0',
  consumer: 'radio',
  interactions: [{ method: 'nameOf', arguments: ['ana'], answers: { $name: 'Ana' } }],
}
const backend = Buffer.from('exports.start = () => {}')
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

let registry: TestRegistry
let [ana, bob, reviewer] = ['', '', '']
beforeAll(async () => {
  registry = await startTestRegistry()
  ana = await registry.token('ana')
  bob = await registry.token('bob')
  reviewer = await registry.token('reviewer.br', 'demo reviewer.br only')
})
afterAll(() => registry.stop())

async function publishConsumer(version: string, relied: object = contract) {
  expect(await tryConsumer(version, relied)).toEqual([201])
}

async function tryConsumer(version: string, relied: object, range = '^1.0.0') {
  const manifest = { consumes: [{ capability, range, degrade: 'fail' }] }
  const files = pluginFiles('@bob/dcesop-radio', version, manifest)
  files.set('contracts/people.json', json(relied))
  return codesOf(await registry.publish(bob, { name: '@bob/dcesop-radio', version, tarball: await packFiles(files) }))
}

function codesOf({ status, body }: Answer) {
  return [status, ...((body['errors'] ?? []) as { code: string }[]).map(({ code }) => code)]
}

async function approve(version: string) {
  expect(await decide(version, 'radio', reviewer)).toBe('approved')
}

async function decide(version: string, plugin: string, token: string) {
  const body = { region: 'br', decision: 'approve' }
  const at = `${own}/plugins/${plugin}/versions/${version}/decisions`
  return (await registry.send('POST', at, { token, body })).body['state']
}

/** @param kept digests of contracts that its specs kept */
async function publishProvider(version: string, kept: readonly string[], provides = '1.0.0') {
  const manifest = {
    provides: { [capability]: provides },
    backend: { entry: 'dist/server.cjs', isolation: 'inline', routes: [] },
  }
  const files = pluginFiles('@ana/dcesop-people', version, manifest)
  files.set('dist/server.cjs', backend)
  const sum = createHash('sha256').update(backend).digest('hex')
  const record = { backend: sum, kept: kept.map((sha256) => ({ capability, consumer: 'radio', sha256 })) }
  if (kept.length > 0) files.set('contracts.kept.json', json(record))
  return codesOf(await registry.publish(ana, { name: '@ana/dcesop-people', version, tarball: await packFiles(files) }))
}

const listed = async (version = '1.0.0') =>
  (await registry.send('GET', `${own}/capabilities/${capability}/contracts?version=${version}`)).body['contracts']

describe('a new version of a provider', () => {
  it('is held up by nobody whom no region approved', async () => {
    await publishConsumer('1.0.0')
    expect(await listed()).toEqual([])
    expect(await publishProvider('1.0.0', [])).toEqual([201])
  })

  it('says that it kept what approved consumers rely on', async () => {
    await approve('1.0.0')
    expect(await listed()).toEqual([
      {
        consumer: 'radio',
        range: '^1.0.0',
        sha256: contractDigest(contract),
        versions: ['@bob/dcesop-radio@1.0.0'],
        contract,
      },
    ])
    expect(await publishProvider('1.0.1', [])).toEqual([422, 'contract-not-kept'])
    expect(await publishProvider('1.0.1', [contractDigest({ ...contract, range: '^1.1.0' })])).toEqual([
      422,
      'contract-not-kept',
    ])
    expect((await registry.send('GET', '/@ana/dcesop-people/1.0.1')).status).toBe(404)
    expect(await publishProvider('1.0.1', [contractDigest(contract)])).toEqual([201])
  })

  it('keeps each contract that somebody may still run, and no other', async () => {
    const changed = { ...contract, interactions: [{ method: 'nameOf', arguments: ['bob'], answers: { $name: 'Bob' } }] }
    await publishConsumer('1.1.0', changed)
    await approve('1.1.0')
    expect(await publishProvider('1.0.2', [contractDigest(contract)])).toEqual([422, 'contract-not-kept'])
    const yank = { class: 'withdrawn', reason: 'nobody uses it any more' }
    const { status } = await registry.send('POST', `${own}/plugins/radio/versions/1.0.0/yank`, {
      token: bob,
      body: yank,
    })
    expect(status).toBe(201)
    expect(await publishProvider('1.0.2', [contractDigest(changed)])).toEqual([201])
  })

  it('is not held to contracts on other versions of the capability', async () => {
    expect(await listed('2.0.0')).toEqual([])
    expect(await publishProvider('2.0.0', [], '2.0.0')).toEqual([201])
  })

  it.each(['', '?version=', '?version=latest', '?version=1.0.0&version=2.0.0', '?version=1.0.0&other=1'])(
    'is asked about with a version, and not with "%s"',
    async (query) => {
      const { status, body } = await registry.send('GET', `${own}/capabilities/${capability}/contracts${query}`)
      expect([status, body['code']]).toEqual([400, 'invalid_request'])
    },
  )
})

describe('a contract of a consumer', () => {
  const on = (range: string) => ({ ...contract, range })

  it('is about a version that is there or still to come, and not about one that was passed by', async () => {
    expect(await tryConsumer('2.0.0', on('~1.9.0'), '~1.9.0')).toEqual([201])
    // A backend of a partner within the host's own process needs two people.
    const second = await registry.token('registry-admin.br', 'demo registry-admin.br only')
    await decide('2.0.0', 'people', reviewer)
    expect(await decide('2.0.0', 'people', second)).toBe('approved')
    expect(await tryConsumer('2.0.1', on('~1.9.0'), '~1.9.0')).toEqual([422, 'contract-without-provider'])
    expect(await tryConsumer('2.0.1', on('^2.0.0'), '^2.0.0')).toEqual([201])
    expect(await tryConsumer('2.0.2', on('^3.0.0'), '^3.0.0')).toEqual([201])
  })
})

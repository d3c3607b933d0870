import type { TestHost, TestRequest } from '@dcesop/sdk-plugin/testing'
import type { CustomersDirectory } from '@dcesop/sdk-plugin/contracts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import stories from '../demo/stories.json' with { type: 'json' }
import { importRowSchema } from './import/row-schema.ts'
import { agent, crm, importPeople, startCustomers } from './testing/customers-host.ts'

it('takes rows by a schema that is a JSON Schema', () => {
  expect(new Ajv2020().validateSchema(importRowSchema)).toBe(true)
})

describe('import', () => {
  let host: TestHost
  let rows: Awaited<ReturnType<typeof importPeople>>

  beforeAll(async () => {
    host = await startCustomers()
    rows = await importPeople(host, 'br', 60)
  })

  afterAll(() => host.dispose())

  const send = async (sent: TestRequest) => {
    const answer = await host.request(crm, 'POST', '/import?region=br', sent)
    expect(answer.status).toBe(200)
    return answer.body
  }

  it('changes nothing when the same rows come again', async () => {
    expect(await send({ rows })).toEqual({
      received: 60,
      created: 0,
      updated: 0,
      unchanged: 60,
      rejected: 0,
      errors: [],
    })
  })

  it('stores the good rows and names each bad one by line, without repeating what it said', async () => {
    const [row] = rows as [(typeof rows)[number]]
    const bad = [
      '{"externalId":',
      JSON.stringify({ ...row, externalId: 'X-1', admin: true }),
      JSON.stringify({ ...row, externalId: { $gt: '' } }),
      JSON.stringify({ ...row, externalId: 'X-2', documents: [{ kind: 'CPF', value: '39053344706' }] }),
      JSON.stringify({ ...row, externalId: 'X-3', documents: [{ kind: 'CC', value: '1020304050' }] }),
      JSON.stringify({ ...row, externalId: 'X-4', phones: [{ label: 'mobile', number: '12345678' }] }),
      JSON.stringify({ ...row, externalId: 'X-5', services: row.services.map((one) => ({ ...one, account: 'BR-0' })) }),
      `{"a":"${'x'.repeat(40_000)}"}`,
      JSON.stringify({
        ...row,
        externalId: 'X-6',
        services: row.services.map((one) => ({ ...one, timeZone: 'America/Sao_Paolo' })),
      }),
      JSON.stringify({ ...row, externalId: 'X-7', birthDate: '1990-02-31' }),
      JSON.stringify({
        ...row,
        externalId: 'X-8',
        interactions: [{ externalId: 'I', at: '2026-02-29T10:00:00Z', kind: 'visit', channel: 'store' }],
      }),
    ]
    const good = JSON.stringify({ ...row, externalId: 'GOOD-1', services: [] })
    const body = Buffer.concat([Buffer.from(`${bad.join('\n')}\n`), Buffer.from([0xc3, 0x28, 0x0a]), Buffer.from(good)])
    const report = await send({ body })
    expect(report).toMatchObject({ received: 13, created: 1, rejected: 12 })
    expect(report.errors.map(({ line, code }: { line: number; code: string }) => [line, code])).toEqual([
      [1, 'invalid_json'],
      [2, 'invalid_row'],
      [3, 'invalid_row'],
      [4, 'invalid_document'],
      [5, 'invalid_document'],
      [6, 'invalid_phone'],
      [7, 'unknown_account'],
      [8, 'line_too_long'],
      [9, 'invalid_row'],
      [10, 'invalid_row'],
      [11, 'invalid_row'],
      [12, 'invalid_utf8'],
    ])
    expect(JSON.stringify(report)).not.toMatch(/39053344706|12345678/)
  })

  it.each([
    ['in which nothing can be seen', '\u200b\u00a0'],
    ['of two lines', 'Ana\u2028Lima'],
    ['with a control sign', 'Ana\u0085'],
    ['with half a sign', 'Ana\ud83d'],
    ['that turns what stands beside it around', 'Ana\u202e'],
  ])('refuses a name %s, which no screen could show', async (_what, givenNames) => {
    const report = await send({ rows: [{ ...rows[0], externalId: 'X-9', givenNames }] })
    expect(report).toMatchObject({ created: 0, errors: [{ line: 1, pointer: '/givenNames', code: 'invalid_row' }] })
  })

  it.each(['محمد', 'Nguyễn', '李小龍', 'O’Higgins-Sant’Anna', 'Zoë 🦊', 'ॐ नमः', 'فاطمه\u200cزهرا'])(
    'takes the name %s as it is written',
    async (givenNames) => {
      const report = await send({ rows: [{ ...rows[0], externalId: 'N-1', givenNames, services: [] }] })
      expect(report).toMatchObject({ received: 1, rejected: 0 })
    },
  )

  it('refuses a row that names a member twice, of which two readers could take different ones', async () => {
    const twice = JSON.stringify({ ...rows[0], externalId: 'X-10', services: [], city: 'a "b" \\' })
    const body = twice.replace('"segment":', '"segment":"premium","segment":')
    expect(await send({ body })).toMatchObject({ created: 0, errors: [{ line: 1, code: 'invalid_json' }] })
    expect(await send({ body: twice })).toMatchObject({ created: 1, rejected: 0 })
  })

  it('announces a change of a known service and ends one that is no longer listed', async () => {
    const directory = host.capability<CustomersDirectory>('customers.directory')
    const story = stories.find(({ region, story: name }) => region === 'br' && name === 'healthy')
    const row = rows.find(({ externalId }) => externalId === story?.externalId)
    if (story === undefined || row === undefined) throw new Error('The story is missing.')
    const [mobile, fibre] = row.services
    if (mobile === undefined || fibre === undefined) throw new Error('The story has two services.')
    const suspended = { ...mobile, status: 'suspended', statusReason: 'payment_overdue' }
    expect(await send({ rows: [{ ...row, services: [suspended] }] })).toMatchObject({ updated: 1, rejected: 0 })

    const services = await directory.servicesOf('br', story.customerId)
    expect(services?.map(({ id, status }) => [id, status]).toSorted()).toEqual(
      [
        [story.services[0]?.serviceId, 'suspended'],
        [story.services[1]?.serviceId, 'terminated'],
      ].toSorted(),
    )
    // Neither is on the network any more: an outage is not measured by them.
    for (const { id, networkElement } of services ?? [])
      expect(await directory.servicesOn('br', networkElement.id)).not.toContain(id)
    const announced = host.published.map(({ topic, key, payload }) => ({ topic, key, payload }))
    expect(announced).toEqual(
      expect.arrayContaining(
        (services ?? []).map((service) => ({
          topic: 'customers.service-changed/v1',
          key: story.customerId,
          payload: { service },
        })),
      ),
    )
    expect(announced).toHaveLength(2)
  })

  it('answers the directory by customer, by id and by network element', async () => {
    const directory = host.capability<CustomersDirectory>('customers.directory')
    const [story] = stories as [(typeof stories)[number]]
    const id = story.services[0]?.serviceId ?? ''
    const [record, missing] = await directory.services('br', [id, 's_unknown'])
    expect(missing).toBeUndefined()
    expect(record).toMatchObject({
      id,
      customerId: story.customerId,
      region: 'br',
      technology: 'mobile',
      plan: { promise: { downMbps: 60 } },
    })
    expect(await directory.servicesOn('br', record?.networkElement.id ?? '')).toContain(id)
    expect(await directory.servicesOf('br', 'c_unknown')).toBeUndefined()
    expect(await directory.services('mx', [id])).toEqual([undefined])
    const pages = [await directory.listServices('br', undefined, 10)]
    for (let page = pages[0]; page?.length === 10; page = pages.at(-1))
      pages.push(await directory.listServices('br', page.at(-1)?.id, 10))
    const ids = pages.flat().map((service) => service.id)
    expect(ids).toEqual([...new Set(ids)].toSorted())
    expect(ids).toContain(id)
  })

  it('finds a person by a changed number and no longer by the old one', async () => {
    const row = rows[30] as (typeof rows)[number]
    const moved = { ...row, phones: [{ label: 'mobile', number: '(11) 91234-0001' }], services: [] }
    expect(await send({ rows: [moved] })).toMatchObject({ updated: 1 })
    const search = async (q: string) => (await host.request(agent, 'POST', '/search', { body: { q } })).body.results
    expect(await search('11 91234 0001')).toHaveLength(1)
    expect(await search(row.phones[0]?.number ?? '')).toEqual([])
  })
})

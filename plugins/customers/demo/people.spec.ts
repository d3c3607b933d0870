import { customerId, serviceId } from '../server/model/ids.ts'
import { parseRow } from '../server/import/parse-row.ts'
import { toRecords } from '../server/import/to-records.ts'
import { regionProfile, type RegionProfile } from '../server/regions.ts'
import { demoCountries } from './countries.ts'
import { rfcCheck } from './documents.ts'
import { demoPeople } from './people.ts'
import { storiesOf } from './stories.ts'

const today = new Date('2026-11-10T00:00:00Z')

describe.each(['br', 'mx', 'co'])('demo people of %s', (region) => {
  const profile = regionProfile(region) as RegionProfile
  const rows = [...demoPeople(region, 1800, today)]
  const results = rows.map((row, index) => {
    const parsed = parseRow(index + 1, JSON.stringify(row))
    return 'row' in parsed ? toRecords(index + 1, parsed.row, region, profile) : parsed
  })
  const records = results.flatMap((result) => ('records' in result ? [result.records] : []))

  it('pass every check of the import: documents, phones, accounts', () => {
    expect(results.filter((result) => 'error' in result)).toEqual([])
    expect(records).toHaveLength(1800)
  })

  it('have an RFC with the check character of the table in force', () => {
    expect(['GODE561231GR', 'CACX7605101P'].map(rfcCheck)).toEqual(['8', '8'])
    const documents = records.flatMap(({ person }) => person.personal.documents)
    const wrong = documents.filter(({ kind, value }) => kind === 'RFC' && rfcCheck(value.slice(0, -1)) !== value.at(-1))
    expect(wrong).toEqual([])
  })

  it('are the same people each time', () => {
    const again = demoPeople(region, 1800, today)
    for (const row of rows.slice(0, 100)) expect(again.next().value).toEqual(row)
  })

  it('have their own ids, documents and lines', () => {
    const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length
    expect(distinct(records.map(({ person }) => person._id))).toBe(true)
    expect(distinct(records.flatMap(({ person }) => person.personal.documents.map(({ value }) => value)))).toBe(true)
    expect(distinct(records.flatMap(({ services }) => services.map(({ personal }) => personal.number)))).toBe(true)
  })

  it('have phones of the area where they live, those of the stories too', () => {
    // Mobile numbers of Colombia do not tell it.
    const prefix = { br: '+55', mx: '+52' }[region] ?? ''
    const area = new Map(demoCountries[region]?.cities.map(({ name, area }) => [name, `${prefix}${area}`]))
    const elsewhere = records.flatMap(({ person: { personal } }) =>
      prefix === '' || personal.phones[0]?.number.startsWith(area.get(personal.city ?? '') ?? '-') ? [] : [personal],
    )
    expect(elsewhere).toEqual([])
  })

  it('share cells and OLTs with 40 to 80 neighbours', () => {
    const neighbours = new Map<string, number>()
    for (const { networkElement } of records.flatMap(({ services }) => services)) {
      neighbours.set(networkElement.id, (neighbours.get(networkElement.id) ?? 0) + 1)
    }
    expect(Math.min(...neighbours.values())).toBeGreaterThanOrEqual(40)
    expect(Math.max(...neighbours.values())).toBeLessThanOrEqual(80)
  })

  it('have the bills of this month that were due, and nothing of the future', () => {
    const interactions = rows.flatMap(({ interactions = [] }) => interactions)
    expect(interactions.filter(({ at }) => new Date(at) > today)).toEqual([])
    const billed = rows.filter(({ interactions = [] }) =>
      interactions.some(({ at, kind }) => kind === 'bill' && at > '2026-11'),
    )
    const due = rows.filter(({ accounts }) => accounts.some(({ cycleDay }) => cycleDay < 10))
    expect(billed).toEqual(due)
  })

  it('tell the stories that stories.json lists, under the ids that it lists', () => {
    for (const story of storiesOf(region)) {
      expect(story.customerId).toBe(customerId(region, story.externalId))
      const found = records.find(({ person }) => person._id === story.customerId)
      expect(found?.person.keys).toContain(`p:${story.phone}`)
      expect(found?.services.map(({ _id }) => _id)).toEqual(story.services.map(({ serviceId: id }) => id))
      for (const service of story.services) expect(service.serviceId).toBe(serviceId(region, service.externalId))
    }
  })
})

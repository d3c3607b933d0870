import type { ImportRow, ImportService } from '../server/import/row-schema.ts'
import { fold } from '../server/names.ts'
import { demoCountries, validMobile, type DemoCountry } from './countries.ts'
import { demoCedula, demoCpf, demoMexicanDocuments } from './documents.ts'
import { interactionsOf } from './interactions.ts'
import { networkOf, type DemoNetwork } from './network.ts'
import { fibreService, mobileService } from './services.ts'
import { pick, pickCommon, randomOf } from './random.ts'
import { storiesOf, tellStory } from './stories.ts'

interface Name {
  readonly given: string
  readonly father: string
  readonly mother: string
  readonly female: boolean
}

function nameOf(country: DemoCountry, random: () => number): Name {
  const female = random() < 0.52
  const names = female ? country.women : country.men
  const first = pickCommon(random, names)
  const second = random() < 0.45 ? pick(random, names) : first
  const given = second === first ? first : `${first} ${second}`
  return { given, father: pickCommon(random, country.surnames), mother: pickCommon(random, country.surnames), female }
}

function day(random: () => number, fromYear: number, toYear: number): string {
  const year = fromYear + Math.floor(random() * (toYear - fromYear + 1))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${year}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`
}

function documentsOf(
  country: DemoCountry,
  index: number,
  name: Name,
  birthDate: string,
  random: () => number,
): ImportRow['documents'] {
  if (country.country === 'BR') return [{ kind: 'CPF', value: demoCpf(index) }]
  if (country.country === 'CO') return [{ kind: 'CC', value: demoCedula(index) }]
  const { curp, rfc } = demoMexicanDocuments({ ...name, birthDate }, random)
  return [
    { kind: 'CURP', value: curp },
    { kind: 'RFC', value: rfc },
  ]
}

/** The customer of this index: the same for the same region, index, count and day. */
export function demoRow(region: string, index: number, network: DemoNetwork, today: Date): ImportRow {
  const country = demoCountries[region]
  if (country === undefined) throw new Error(`There are no demo people for region ${region}.`)
  const random = randomOf(`${region}/${index}`)
  const name = nameOf(country, random)
  const birthDate = day(random, 1948, 2005)
  const reference = `${region.toUpperCase()}${String(index + 1).padStart(7, '0')}`
  const home = network.homeOf(index)
  const account = `${region.toUpperCase()}-${String(10_000_000 + index)}`
  const mobile = validMobile(country, index * 2, home.area)
  const kinds = random()
  const services: ImportService[] = []
  if (kinds < 0.82) services.push(mobileService(`CRM-${reference}-M1`, account, mobile, home.cell, random))
  if (kinds < 0.14) {
    services.push(
      mobileService(`CRM-${reference}-M2`, account, validMobile(country, index * 2 + 1, home.area), home.cell, random),
    )
  }
  if (kinds >= 0.45) services.push(fibreService(`CRM-${reference}-F1`, account, reference, home.olt, random))
  const row: ImportRow = {
    externalId: `CRM-${reference}`,
    givenNames: name.given,
    familyNames:
      country.country === 'BR' && random() < 0.3 ? `${name.mother} da ${name.father}` : `${name.father} ${name.mother}`,
    birthDate,
    city: home.city,
    documents: documentsOf(country, index, name, birthDate, random),
    phones: [{ label: 'mobile', number: mobile }],
    emails: [`${fold(`${name.given} ${name.father}`).replaceAll(' ', '.')}.${index + 1}@example.com`],
    language: random() < 0.97 ? country.language : 'en',
    segment: random() < 0.78 ? 'mass' : random() < 0.6 ? 'premium' : 'business',
    since: day(random, 2009, 2025),
    accounts: [{ number: account, cycleDay: 1 + Math.floor(random() * 28), currency: country.currency }],
    services,
    interactions: [],
  }
  return { ...row, interactions: interactionsOf(row, country, today, random) }
}

/**
 * `count` customers of a demo region; the first ones are its stories. Their services hang on cells and OLTs of about 60 services each.
 * @param today up to when bills and contacts reach
 */
export function* demoPeople(region: string, count: number, today: Date): Generator<ImportRow> {
  const country = demoCountries[region]
  if (country === undefined) throw new Error(`There are no demo people for region ${region}.`)
  const network = networkOf(region, country, count)
  const stories = storiesOf(region)
  for (let index = 0; index < count; index++) {
    const row = demoRow(region, index, network, today)
    const story = stories[index]
    yield story === undefined ? row : tellStory(row, story, network.homeOf(index))
  }
}

import { checkCatalogues, createI18n } from '@dcesop/sdk-plugin/i18n'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { because, reasonCodes } from '../../core/src/plugins/journal/reasons.ts'
import { changeReasons, decisionReasons, refused } from '../../registry/src/governance/refusals.ts'
import { finding, findingCodes } from '../../registry/src/checks/findings.ts'
import { because as noPlan, reasonCodes as planCodes } from '../../registry/src/distribution/resolve/reasons.ts'
import { en as cliEn } from '../../sdk-plugin/src/cli/locales/en.ts'
import { es as cliEs } from '../../sdk-plugin/src/cli/locales/es.ts'
import { ptBR as cliPtBR } from '../../sdk-plugin/src/cli/locales/pt-BR.ts'
import { en as distrust } from '../../sdk-plugin/src/signing/locales/en.ts'
import { capabilities } from '../../sdk-plugin/src/manifest/schema/permissions.ts'
import { toldCauses } from '../../shell/src/supervisor/card-message.ts'

const root = join(import.meta.dirname, '../..')
const locales = ['es', 'pt-BR', 'en'] as const
const cataloguesIn = (folder: string) =>
  Object.fromEntries(
    locales.map((locale) => [
      locale,
      JSON.parse(readFileSync(join(root, folder, `${locale}.json`), 'utf8')) as Record<string, string>,
    ]),
  )
const catalogues = cataloguesIn('sdk-plugin/src/ui/reasons/locales')

/** Something for each parameter of a message; what is not named here does with a number. */
function samples(message: string): Record<string, unknown> {
  const named = {
    regions: ['br', 'mx'],
    hosts: ['a'],
    found: ['a'],
    loop: 'a → b',
    engine: 'sdk',
    why: 'so',
    detail: 'so',
  }
  const names = [...message.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] as string)
  return Object.fromEntries(names.map((name) => [name, (named as Record<string, unknown>)[name] ?? 7]))
}

describe('the reasons that the host can give', () => {
  it.each(locales)('have each a message in %s, and every message is of one of them', (locale) => {
    expect(Object.keys(catalogues[locale] ?? {}).sort()).toEqual(reasonCodes.map((code) => `reason.${code}`).sort())
    expect(checkCatalogues(catalogues, { locales })).toEqual([])
  })

  it.each(reasonCodes)('%s takes the same values in its sentence and in its messages', (code) => {
    const params = samples(catalogues['en']?.[`reason.${code}`] ?? '')
    const { reason } = (because as (code: string, params: object) => { reason: string })(code, params)
    expect(reason).toMatch(/\S/)
    expect(reason).not.toMatch(/undefined|NaN/)
    for (const locale of locales) {
      const problems: unknown[] = []
      const i18n = createI18n({ locale, catalogues, onProblem: (problem) => problems.push(problem) })
      expect(i18n.t(`reason.${code}`, params)).not.toMatch(/undefined|NaN/)
      expect(problems).toEqual([])
    }
  })

  it('are all that the fallback card of the shell knows', () => {
    expect(reasonCodes).toEqual(expect.arrayContaining(Object.keys(toldCauses)))
  })
})

describe('the reasons for which the registry has no plan', () => {
  const ofConsole = cataloguesIn('plugins/registry-admin/locales')
  const idOf = (code: string) => `objection.${code}`

  it.each(locales)('have each a message in %s, and every message is of one of them', (locale) => {
    const ids = Object.keys(ofConsole[locale] ?? {}).filter((id) => id.startsWith(idOf('')))
    // How versions are told in all of them.
    expect(ids.sort()).toEqual([...planCodes, 'versions'].map(idOf).sort())
  })

  it.each(planCodes)('%s has the same values in its sentence and in its messages', (code) => {
    const names = Object.keys(samples(ofConsole['en']?.[idOf(code)] ?? ''))
    const shown = Object.fromEntries(names.map((name) => [name, `<${name}>`]))
    const isList = (name: string) => /versions$|^(providers|flags|loop)$/i.test(name)
    const params = Object.fromEntries(names.map((name) => [name, isList(name) ? [shown[name]] : shown[name]]))
    const { text } = (noPlan as (code: string, params: object) => { text: string })(code, params)
    expect(text).not.toMatch(/undefined/)
    // The message names engines in words.
    const valuesIn = (sentence: string) => new Set(sentence.match(/<(?!engine>)\w+>/g))
    for (const locale of locales) {
      const i18n = createI18n({ locale, catalogues: ofConsole })
      expect(valuesIn(i18n.t(idOf(code), shown))).toEqual(valuesIn(text))
    }
  })
})

describe('what the checks of a publish can find', () => {
  const ofConsole = cataloguesIn('plugins/registry-admin/locales')
  const ruleOf = (code: string) => code.split('.')[0] as string
  // The scanner's own words are told on the command line, and which of its rules it was on screens.
  const ofOneSide = ['kind', 'what']

  it.each(locales)('has each a message in %s, and every message is of one of them', (locale) => {
    const ids = Object.keys(ofConsole[locale] ?? {}).filter((id) => id.startsWith('rule.'))
    const fixes = new Set(findingCodes.map((code) => `${ruleOf(code)}.fix`))
    expect(ids.sort()).toEqual([...findingCodes, ...fixes].map((id) => `rule.${id}`).sort())
  })

  it.each(findingCodes)('%s has the same values in its sentences and in its messages', (code) => {
    const [text, fix] = [`rule.${code}`, `rule.${ruleOf(code)}.fix`]
    const names = Object.keys(samples(`${ofConsole['en']?.[text]}${ofConsole['en']?.[fix]}`))
    const shown = Object.fromEntries(
      [...names, 'what'].map((name) => [name, /^(size|line|limit)$/.test(name) ? 7 : `<${name}>`]),
    )
    const isList = (name: string) => /^(licences|accepted|versions|keys)$/.test(name)
    const params = Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [name, isList(name) ? [value] : value]),
    )
    const found = (finding as (code: string, params: object) => { evidence: string; fix: string })(code, params)
    expect(found.evidence + found.fix).not.toMatch(/undefined/)
    const valuesIn = (sentence: string) =>
      new Set(sentence.match(/<\w+>/g)?.filter((one) => !ofOneSide.includes(one.slice(1, -1))))
    const own = valuesIn((found.evidence + found.fix).replaceAll(/<(publisher|id)>(?=\/dcesop|\.$)/g, ''))
    for (const locale of locales) {
      const i18n = createI18n({ locale, catalogues: ofConsole })
      expect(valuesIn(i18n.t(text, shown) + i18n.t(fix, shown))).toEqual(own)
    }
  })
})

describe('why the registry refuses a decision', () => {
  const ofConsole = cataloguesIn('plugins/registry-admin/locales')
  const idOf = (reason: string) => `refusal.reason.${reason}`

  it.each(locales)('has each a message in %s, and every message is of one of them', (locale) => {
    const ids = Object.keys(ofConsole[locale] ?? {}).filter((id) => id.startsWith(idOf('')))
    expect(ids.sort()).toEqual(decisionReasons.map(idOf).sort())
  })

  it.each(decisionReasons)('%s has the same values in its sentence and in its messages', (reason) => {
    const shown = Object.fromEntries(['version', 'region', 'flags'].map((name) => [name, `<${name}>`]))
    const params = { ...shown, flags: [shown['flags']] }
    const { detail } = (refused as (reason: string, params: object) => { detail: string })(reason, params)
    const valuesIn = (sentence: string) => new Set(sentence.match(/<\w+>/g))
    for (const locale of locales) {
      const i18n = createI18n({ locale, catalogues: ofConsole })
      const own = i18n.t(idOf(reason), shown)
      for (const value of valuesIn(own)) expect(detail).toContain(value)
      expect(own).not.toMatch(/undefined|\{/)
    }
  })
})

describe('why the registry refuses a yank or a move to a channel, or does not have what is asked for', () => {
  const ofCommand = { es: cliEs, 'pt-BR': cliPtBR, en: cliEn } as Readonly<Record<string, Record<string, string>>>
  const idOf = (reason: string) => `refusal.${reason}`

  it.each(locales)('has each a message of the command line in %s, and every message is of one of them', (locale) => {
    const ids = Object.keys(ofCommand[locale] ?? {}).filter((id) => id.startsWith(idOf('')))
    expect(ids.sort()).toEqual(changeReasons.map(idOf).sort())
  })

  it.each(changeReasons)('%s has the same values in its sentence and in its messages', (reason) => {
    const names = ['version', 'name', 'channel', 'kind', 'deadline', 'now', 'channels']
    const shown = Object.fromEntries(names.map((name) => [name, `<${name}>`]))
    const params = { ...shown, channels: [shown['channels']] }
    const { detail } = (refused as (reason: string, params: object) => { detail: string })(reason, params)
    const valuesIn = (sentence: string) => new Set(sentence.match(/<\w+>/g))
    for (const locale of locales) {
      const i18n = createI18n({ locale, catalogues: ofCommand })
      expect(valuesIn(i18n.t(idOf(reason), shown))).toEqual(valuesIn(detail))
    }
  })
})

describe('why something signed is not believed', () => {
  const ofConsole = cataloguesIn('plugins/registry-admin/locales')

  it.each(locales)('has each a message in %s, and every message is of one of them', (locale) => {
    const ids = Object.keys(ofConsole[locale] ?? {}).filter((id) => id.startsWith('distrust.'))
    expect(ids.sort()).toEqual(
      Object.keys(distrust)
        .map((id) => `distrust.${id}`)
        .sort(),
    )
  })

  it.each(Object.entries(distrust))('%s has the same parameters there', (id, sentence) => {
    const names = (text = '') => new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1]))
    for (const locale of locales) expect(names(ofConsole[locale]?.[`distrust.${id}`])).toEqual(names(sentence))
  })
})

it.each(locales)('what a plugin may ask for has each a message in %s', (locale) => {
  const texts = Object.keys(cataloguesIn('plugins/registry-admin/locales')[locale] ?? {})
  const named = capabilities.map((capability) => `cap.${capability.replace(':', '-')}`)
  expect(texts.filter((id) => id.startsWith('cap.')).sort()).toEqual(named.sort())
})

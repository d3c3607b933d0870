import { createI18n } from '../../i18n/create-i18n.ts'
import { listFormat } from '../../i18n/intl-cache.ts'
import { localeChain } from '../../i18n/locales.ts'
import { type CodedFinding, findingTexts } from '../../findings/finding-text.ts'
import type { PackageFinding } from '../../findings/finding.ts'
import type { FindingTexts } from '../../findings/locales/en.ts'
import type { RuleTexts } from '../../findings/rules/index.ts'
import type { TrustTexts } from '../../signing/locales/en.ts'
import type { TrustError } from '../../signing/trust-error.ts'
import { type ToldTrust, trustTexts } from '../../signing/trust-text.ts'
import { type CliMessage, type CliTexts, en } from '../locales/en.ts'

export type CliParams = Readonly<Record<string, string | number>>

/** In English, findings and reasons come with their sentences already. */
interface Speech {
  readonly locale: string
  t(id: string, params?: CliParams): string
  finding?(one: CodedFinding): { evidence: string; fix: string } | undefined
  trust?(told: ToldTrust): string
  rules?(): Promise<RuleTexts>
}

/** What a language adds to English. */
interface Translation {
  readonly own: CliTexts
  readonly findings: FindingTexts
  readonly trust: TrustTexts
  /** Loads what is said of rules, which few commands do. */
  rules(): Promise<RuleTexts>
}

const translations: Readonly<Record<string, () => Promise<Translation>>> = {
  async es() {
    const [{ es: own }, { es: findings }, { es: trust }] = await Promise.all([
      import('../locales/es.ts'),
      import('../../findings/locales/es.ts'),
      import('../../signing/locales/es.ts'),
    ])
    return { own, findings, trust, rules: async () => (await import('../../findings/rules/locales/es/index.ts')).es }
  },
  async 'pt-BR'() {
    const [{ ptBR: own }, { ptBR: findings }, { ptBR: trust }] = await Promise.all([
      import('../locales/pt-BR.ts'),
      import('../../findings/locales/pt-BR.ts'),
      import('../../signing/locales/pt-BR.ts'),
    ])
    const rules = async () => (await import('../../findings/rules/locales/pt-BR/index.ts')).ptBR
    return { own, findings, trust, rules }
  },
}

/** A process speaks one language; English until it is told another, as to those who call the parts of a command. */
let speech = speechOf('en', en)

function speechOf(locale: string, texts: CliTexts): Speech {
  const { t } = createI18n({ locale, catalogues: { [localeChain(locale).at(-1) as string]: texts } })
  return { locale, t }
}

/** @param locale as `languageOf` gives it */
export async function speak(locale: string): Promise<void> {
  const translation = await translations[localeChain(locale).at(-1) as string]?.()
  if (!translation) return void (speech = speechOf('en', en))
  const { own, findings, trust, rules } = translation
  speech = {
    ...speechOf(locale, own),
    finding: findingTexts(locale, findings),
    trust: trustTexts(locale, trust),
    rules,
  }
}

export function t(id: CliMessage, params?: CliParams): string {
  return speech.t(id, params)
}

/** The message whose id was made at run time; undefined where there is none. */
export function messageOf(id: string, params?: CliParams): string | undefined {
  return Object.hasOwn(en, id) ? speech.t(id, params) : undefined
}

/** `a or b`. */
export function alternatives(words: readonly string[]): string {
  return listFormat(speech.locale, { type: 'disjunction' }).format(words)
}

/** What is found, where, and how to mend it. */
export function sentencesOf(findings: readonly PackageFinding[]): string {
  return findings
    .map((one) => {
      const { evidence, fix } = speech.finding?.(one) ?? one
      return `${one.at === undefined ? '' : `${one.at}: `}${one.rule}: ${evidence}\n  ${fix}`
    })
    .join('\n')
}

/** A finding of another program, which sent its code; undefined where its own sentence is to be told. */
export function toldFinding(one: CodedFinding): string | undefined {
  const told = speech.finding?.(one)
  return told && `${told.evidence} ${told.fix}`
}

export function evidenceOf(finding: PackageFinding): string {
  return (speech.finding?.(finding) ?? finding).evidence
}

export function reasonOf({ message, told }: TrustError): string {
  return told && speech.trust ? speech.trust(told) : message
}

/** What is said of the rules in another language than English. */
export async function ruleTexts(): Promise<RuleTexts | undefined> {
  return speech.rules?.()
}

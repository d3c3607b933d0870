import { createI18n } from '../i18n/create-i18n.ts'
import { localeChain } from '../i18n/locales.ts'
import type { TrustMessage, TrustTexts } from './locales/en.ts'

/** A sentence, or a part of one, that can be told in any language. */
export interface ToldTrust {
  readonly id: TrustMessage
  readonly params?: Readonly<Record<string, string | number | ToldTrust>>
}

/** Makes sentences in one language. */
export function trustTexts(locale: string, texts: TrustTexts): (told: ToldTrust) => string {
  const { t } = createI18n({ locale, catalogues: { [localeChain(locale).at(-1) as string]: texts } })
  const tell = ({ id, params = {} }: ToldTrust): string => {
    const shown = Object.entries(params).map(([name, value]) => [name, typeof value === 'object' ? tell(value) : value])
    return t(id, Object.fromEntries(shown) as Record<string, string | number>)
  }
  return tell
}

import { localeChain } from '@dcesop/sdk-plugin/i18n'
import type { ListedPlugin } from '../api/host-answers.ts'

interface Titled {
  readonly id: string
  readonly title?: ListedPlugin['title'] | undefined
}

/** A plugin's name in a language, or else its id. */
export function titleOf({ id, title = {} }: Titled, locale: string): string {
  return localeChain(locale).flatMap((one) => title[one] ?? [])[0] ?? id
}

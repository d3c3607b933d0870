import { localeChain } from '@dcesop/sdk-plugin/i18n'
import type { ListedPlugin } from '../api/types.ts'

/** A plugin's name in a language, or else its id. */
export function titleOf({ id, title = {} }: Pick<ListedPlugin, 'id' | 'title'>, locale: string): string {
  return localeChain(locale).flatMap((one) => title[one] ?? [])[0] ?? id
}

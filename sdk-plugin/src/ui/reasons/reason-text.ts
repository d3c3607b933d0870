import type { I18n } from '../host.ts'

/** Why the host did something, as its administration tells it: a sentence in English, and the same by codes. */
export interface ToldReason {
  readonly reason?: string | null
  /** Missing where only the sentence was stored. */
  readonly causes?: readonly {
    readonly code: string
    readonly params: Readonly<Record<string, string | number | readonly string[]>>
  }[]
}

export interface ReasonText {
  /** Empty when there is no reason. */
  readonly text: string
  /** Language of the text where it is not the person's. */
  readonly lang: 'en' | undefined
}

/**
 * A reason in words. The host's own sentence where a code is not known here, or none was stored.
 * @param knows whether there is a message of that id
 */
export function reasonText(
  i18n: I18n,
  knows: (id: string) => boolean,
  { reason, causes = [] }: ToldReason,
): ReasonText {
  if (causes.length === 0 || !causes.every(({ code }) => knows(`reason.${code}`)))
    return { text: reason ?? '', lang: 'en' }
  const texts = causes.map(({ code, params }) => {
    const shown = Object.entries(params).map(([name, value]) => [name, inWords(i18n, value)])
    return i18n.t(`reason.${code}`, Object.fromEntries(shown))
  })
  return { text: texts.join(' '), lang: undefined }
}

const isTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

function inWords(i18n: I18n, value: string | number | readonly string[]): string | number {
  if (typeof value === 'object') return i18n.list(value)
  return typeof value === 'string' && isTime.test(value) ? i18n.d(value) : value
}

import type { TimelineEntry } from '@dcesop/sdk-plugin/contracts'
import en from '../../locales/en.json' with { type: 'json' }
import es from '../../locales/es.json' with { type: 'json' }
import ptBR from '../../locales/pt-BR.json' with { type: 'json' }

const catalogues: Readonly<Record<string, Readonly<Record<string, string>>>> = { es, 'pt-BR': ptBR, en }

/** What the customer's history says of a verdict, in every language: the screen that shows it does not have these catalogues. */
export function historyTitle(
  messageId: string,
): Pick<TimelineEntry, 'titleKey'> & Required<Pick<TimelineEntry, 'title'>> {
  const titleKey = messageId.replace(/^result\./, 'timeline.diagnosis.')
  const title = Object.entries(catalogues).map(([locale, texts]) => [locale, texts[titleKey] ?? titleKey] as const)
  return { titleKey, title: Object.fromEntries(title) }
}

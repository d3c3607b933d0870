import { useI18n } from '@dcesop/sdk-plugin/ui'
import { useRights } from '../api/use-rights.ts'
import { useWords } from '../text/use-words.ts'

/** Where somebody may change something: everywhere (the empty value) for who administers the platform, and their regions. */
export function usePlaces() {
  const i18n = useI18n()
  const words = useWords()
  const rights = useRights()
  const own = rights.regions.value
  return {
    /** What is chosen first. */
    usual: rights.everywhere.value ? '' : (own[0] ?? ''),
    /** @param everywhere what the empty value is called @param regions of the person's, all when left out */
    options: (everywhere: string, regions: readonly string[] = own) => [
      ...(rights.everywhere.value ? [{ value: '', label: everywhere }] : []),
      ...regions.map((id) => ({ value: id, label: i18n.t('change.only', { region: words.region(id) }) })),
    ],
  }
}

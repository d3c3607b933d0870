import { createI18n } from '../../i18n/index.ts'
import es from './locales/es.json'
import { reasonText } from './reason-text.ts'

const i18n = createI18n({ locale: 'es', catalogues: { es } })
const text = (told: Parameters<typeof reasonText>[2]) => reasonText(i18n, (id) => id in es, told)

describe('a reason', () => {
  it('is told by its codes in the language of the person, with lists and times as that has them', () => {
    const params = { plugin: 'pager', version: '1.0.0', snapshot: 7, deadline: '2026-11-30T12:00:00Z' }
    const told = text({
      reason: 'Version 1.0.0 of "pager" may not run',
      causes: [
        { code: 'unapproved', params: { ...params, regions: ['br', 'mx'] } },
        { code: 'no_replacement', params: {} },
      ],
    })
    expect(told.lang).toBeUndefined()
    expect(told.text).toMatch(/^Se retiró la aprobación de la versión 1\.0\.0 de pager para: br y mx \(plazo: 30 nov/)
    expect(told.text).toMatch(/Ninguna versión puede ocupar su lugar\.$/)
  })

  it('of an old row, or with a code that is not known here, is the stored sentence, marked as English', () => {
    expect(text({ reason: 'host started' })).toEqual({ text: 'host started', lang: 'en' })
    const causes = [
      { code: 'host_started', params: {} },
      { code: 'of_a_newer_host', params: {} },
    ]
    expect(text({ reason: 'host started anew', causes })).toEqual({ text: 'host started anew', lang: 'en' })
    expect(text({ reason: null, causes: [] }).text).toBe('')
  })
})

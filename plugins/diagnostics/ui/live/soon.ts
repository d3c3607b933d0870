import type { I18n } from '@dcesop/sdk-plugin/ui'

/**
 * A time as one says it on the phone: of today only the hour, of other days with the date, whose month is a word: 12/1 is two
 * days, by who reads it. In `timeZone`, else in the person's own.
 */
export function soon(i18n: Pick<I18n, 'd'>, iso: string, timeZone?: string, now = new Date().toISOString()): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = (time: string) => i18n.d(time, { dateStyle: 'short', ...zone })
  return i18n.d(iso, { ...(day(iso) !== day(now) && { dateStyle: 'medium' }), timeStyle: 'short', ...zone })
}

import { t } from '../text/text.ts'

/** What was looked at. Something that failed is never also verified. */
export interface Report {
  readonly verified: readonly string[]
  /** What nobody asked for or what the given keys do not suffice for. */
  readonly open: readonly string[]
  readonly failed: readonly string[]
}

export function joined(reports: readonly Report[]): Report {
  return {
    verified: reports.flatMap(({ verified }) => verified),
    open: reports.flatMap(({ open }) => open),
    failed: reports.flatMap(({ failed }) => failed),
  }
}

export const verified = (...verified: string[]): Report => ({ verified, open: [], failed: [] })
export const open = (...open: string[]): Report => ({ verified: [], open, failed: [] })
export const failed = (...failed: string[]): Report => ({ verified: [], open: [], failed })

/** The report as lines for a terminal. */
export function linesOf({ verified, open, failed }: Report): string[] {
  const words = [t('verify.verified'), t('verify.open'), t('verify.failed')]
  const width = Math.max(...words.map(({ length }) => length))
  return [verified, open, failed].flatMap((lines, index) =>
    lines.map((line) => `  ${(words[index] as string).padEnd(width)}  ${line}`),
  )
}

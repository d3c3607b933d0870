/** ICU messages of one plugin's catalogue, with the shell's locale. Functions are reactive: templates re-render on a change. */
export interface I18n {
  readonly locale: string
  t(id: string, values?: Readonly<Record<string, unknown>>): string
  n(value: number, options?: Intl.NumberFormatOptions): string
  d(value: Date | string, options?: Intl.DateTimeFormatOptions): string
  money(minorUnits: number, currency: string): string
  list(items: readonly string[]): string
  /** "hace 40 s", re-rendered by the SDK every 30 s. */
  relTime(value: Date | string): string
  unit(
    value: number,
    unit: 'Mbps' | 'Kbps' | 'GB' | 'MB' | 'ms' | 'dBm' | 'dB' | '%' | 'h' | 'min' | 's',
    digits?: number,
  ): string
}

import type { I18n } from '@dcesop/sdk-plugin/ui'

/** What a check of the registry found: a sentence in English and how to mend it, and the same by a code. */
export interface CheckFinding {
  readonly rule: string
  readonly evidence: string
  readonly fix: string
  /** Missing where only the sentences were stored. */
  readonly code?: string
  readonly params?: Readonly<Record<string, string | number | readonly string[]>>
}

/** Every code that has a message; how to mend it has one for each rule, which is what is before the point. */
export const findingCodes: readonly string[] = [
  'package-json.missing',
  'package-json.unreadable',
  'package-json.object',
  'package-json.size',
  'package-json.member',
  'package-json.bin',
  'identity-name',
  'identity-version',
  'kind-library-name',
  'kind-plugin-scope',
  'install-script.script',
  'install-script.gyp',
  'malware-found.eicar',
  'malware-found.windows',
  'malware-found.linux',
  'malware-found.macos',
  'secret-found',
  'sbom-missing',
  'sbom-form',
  'sbom-incomplete',
  'licence-missing',
  'licence-refused',
  'name-reserved',
  'name-similar',
  'compatibility-removed.route',
  'compatibility-removed.event',
  'compatibility-removed.realtime',
  'compatibility-removed.capability',
  'compatibility-removed.page',
  'compatibility-removed.extension',
  'compatibility-removed.unit',
  'compatibility-removed.point',
  'compatibility-removed.permission',
  'compatibility-removed.lower',
  'contract-not-kept',
  'contract-without-provider',
  'advisory-known',
  'publisher-signature-wrong.bytes',
  'publisher-signature-wrong.other',
  'publisher-signature-wrong.revoked',
  'publisher-signature-wrong.replaced',
  'publisher-signature-missing',
  'publisher-signature-unknown',
  'mandatory-not-granted',
  'check-timed-out',
  'check-broken',
]

/** A finding in words. The registry's own sentences where a code is not known here, or there is none. */
export function findingText(
  { rule, evidence, fix, code = '', params = {} }: CheckFinding,
  i18n: Pick<I18n, 't' | 'list'>,
): { readonly text: string; readonly lang: 'en' | undefined } {
  if (!findingCodes.includes(code)) return { text: `${evidence} ${fix}`, lang: 'en' }
  const shown = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'object' ? i18n.list(value) : value]),
  )
  return { text: `${i18n.t(`rule.${code}`, shown)} ${i18n.t(`rule.${rule}.fix`, shown)}`, lang: undefined }
}

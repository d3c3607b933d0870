/** Every check of a publish, in the order in which its findings are listed. */
export const checkIds = [
  'package',
  'identity',
  'kind',
  'install-scripts',
  'malware',
  'secrets',
  'sbom',
  'licence',
  'reserved-name',
  'similar-name',
  'compatibility',
  'consumer-contracts',
  'known-advisories',
  'publisher-signature',
  'signed-by-publisher',
  'mandatory-grant',
] as const

export type CheckId = (typeof checkIds)[number]

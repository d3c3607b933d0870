import type { Finding } from './check.ts'

type Texts<Names extends string> = Readonly<Record<Names, string>>
type List<Names extends string> = Readonly<Record<Names, readonly string[]>>
type Gone = Texts<'before' | 'version' | 'next'>
type Told = readonly [evidence: string, fix: string]

const unchanged = 'Publish the folder or tarball as it is, with an unchanged client.'
const beforehand = 'Do the work before publishing, and ship its result.'
const takeOut = 'Take the file out.'
const packAgain = 'Pack it with "dcesop pack", which writes the list.'
const sign = 'Pack it again with "dcesop pack --key FILE", with a verified key of the publisher.'
const packageJsonPage = 'See the documentation of package.json.'
const npmClient = 'Publish with an npm client.'
const again = 'Publish again; tell the administrators if it stays.'

const identity = ({ member, found, published }: Texts<'member' | 'found' | 'published'>): Told => [
  `package.json in the tarball says ${member} ${found}; published is ${published}.`,
  unchanged,
]
const gone =
  (kind: string) =>
  ({ name, before, version, next }: Gone & Texts<'name'>): Told => [
    `${before} has the ${kind} ${name}, which ${version} has not.`,
    kept({ next }),
  ]
const kept = ({ next }: Texts<'next'>) => `Keep it, or publish as ${next}.`
const holds =
  (what: string) =>
  ({ path }: Texts<'path'>): Told => [`"${path}" is or holds ${what}.`, takeOut]
const signedWrong =
  (fault: string) =>
  ({ keyid }: Texts<'keyid'>): Told => [`Signed by key ${keyid}, but ${fault}.`, sign]

/** Every code with its sentences; the rule is what is before the point. The console has messages for each in `plugins/registry-admin`. */
const sentences = {
  'package-json.missing': (): Told => ['The tarball has no package/package.json.', npmClient],
  'package-json.unreadable': ({ why }: Texts<'why'>): Told => [`package.json: ${why}`, npmClient],
  'package-json.object': (): Told => ['package.json is not a JSON object.', npmClient],
  'package-json.size': ({ size, limit }: { readonly size: number; readonly limit: number }): Told => [
    `package.json has ${size} bytes, more than ${limit}.`,
    'Keep data in files of their own.',
  ],
  'package-json.member': ({ member }: Texts<'member'>): Told => [
    `"${member}" in package.json is not an object.`,
    packageJsonPage,
  ],
  'package-json.bin': (): Told => ['"bin" in package.json is not a path or an object of paths.', packageJsonPage],
  'identity-name': identity,
  'identity-version': identity,
  'kind-library-name': ({ name }: Texts<'name'>): Told => [
    `"${name}" is named like a plugin, but has no dcesop.plugin.json.`,
    'Choose a name that does not begin with "dcesop-", or pack it with "dcesop pack".',
  ],
  'kind-plugin-scope': ({ name }: Texts<'name'>): Told => [
    `"${name}" has no publisher in its name.`,
    'Name it @<publisher>/dcesop-<id>.',
  ],
  'install-script.script': ({ name }: Texts<'name'>): Told => [`package.json has the script "${name}".`, beforehand],
  'install-script.gyp': (): Told => ['"binding.gyp" makes npm compile at installation.', beforehand],
  'malware-found.eicar': holds('the EICAR test signature'),
  'malware-found.windows': holds('a Windows program'),
  'malware-found.linux': holds('a Linux program'),
  'malware-found.macos': holds('a macOS program'),
  /** `kind` is the rule of secretlint, `what` its own words. */
  'secret-found': ({ path, line, what }: Texts<'path' | 'kind' | 'what'> & { readonly line: number }): Told => [
    `"${path}", line ${line}: ${what}`,
    'Take it out, and revoke the secret: others may have seen it.',
  ],
  'sbom-missing': ({ path }: Texts<'path'>): Told => [`There is no ${path}.`, packAgain],
  'sbom-form': ({ path }: Texts<'path'>): Told => [
    `${path} is no CycloneDX document with a list of components.`,
    packAgain,
  ],
  'sbom-incomplete': ({ name, path }: Texts<'name' | 'path'>): Told => [
    `The backend bundles "${name}", which ${path} does not name.`,
    packAgain,
  ],
  'licence-missing': ({ name, version }: Texts<'name' | 'version'>): Told => [
    `"${name}" ${version} states no licence.`,
    'Use a package that states one, or ask its author to.',
  ],
  'licence-refused': ({
    name,
    version,
    licences,
    accepted,
  }: Texts<'name' | 'version'> & List<'licences' | 'accepted'>): Told => [
    `"${name}" ${version} is under ${licences.join(', ')}.`,
    `Use another package. Accepted are ${accepted.join(', ')}.`,
  ],
  'name-reserved': ({ name }: Texts<'name'>): Told => [
    `"${name}" is reserved.`,
    'Choose another name, or ask an administrator for a grant of it.',
  ],
  'name-similar': ({ name, other }: Texts<'name' | 'other'>): Told => [
    `"${name}" could be taken for "${other}" of another publisher.`,
    'Choose a name that differs in more than a letter or a separator.',
  ],
  'compatibility-removed.route': gone('route'),
  'compatibility-removed.event': gone('event'),
  'compatibility-removed.realtime': gone('realtime topic'),
  'compatibility-removed.capability': gone('capability'),
  'compatibility-removed.page': gone('page'),
  'compatibility-removed.extension': gone('extension'),
  'compatibility-removed.unit': gone('exposed unit'),
  'compatibility-removed.point': gone('extension point'),
  'compatibility-removed.permission': gone('permission'),
  'compatibility-removed.lower': ({
    capability,
    before,
    had,
    version,
    has,
    next,
  }: Gone & Texts<'capability' | 'had' | 'has'>): Told => [
    `${before} provides "${capability}" ${had}, and ${version} only ${has}.`,
    kept({ next }),
  ],
  'contract-not-kept': ({
    consumer,
    capability,
    range,
    contract,
  }: Texts<'consumer' | 'capability' | 'range' | 'contract'>): Told => [
    `${consumer} relies on "${capability}" ${range}; nothing in the package says that its specs kept that contract (${contract}).`,
    'Fetch it with "dcesop contracts", run it by verifyContract in the specs, then "dcesop test", and pack again.',
  ],
  'contract-without-provider': ({
    capability,
    range,
    versions,
  }: Texts<'capability' | 'range'> & List<'versions'>): Told => [
    `The contract on "${capability}" ${range} is about no version of it that a region approved, and those are later: ${versions.join(', ')}.`,
    'Give the contract, and "consumes" in the manifest, a range that has one of these versions, or later ones.',
  ],
  'advisory-known': ({
    name,
    versions,
    advisory,
    severity,
    range,
    about,
  }: Texts<'name' | 'advisory' | 'severity' | 'range' | 'about'> & List<'versions'>): Told => [
    `It bundles "${name}" ${versions.join(', ')}, and ${advisory} (${severity}) is about ${range}: ${about}`,
    'Take a version that the advisory is not about, and pack again.',
  ],
  'publisher-signature-wrong.bytes': signedWrong('the signature does not fit'),
  'publisher-signature-wrong.other': ({ keyid, publisher }: Texts<'keyid' | 'publisher'>): Told =>
    signedWrong(`it is a key of @${publisher}`)({ keyid }),
  'publisher-signature-wrong.revoked': signedWrong('it was revoked'),
  'publisher-signature-wrong.replaced': signedWrong('it was replaced'),
  'publisher-signature-missing': (): Told => ['Its publisher did not sign it.', sign],
  'publisher-signature-unknown': ({ keys, publisher }: Texts<'publisher'> & List<'keys'>): Told => [
    `Signed by ${keys.join(', ')}, which @${publisher} has not registered and had verified.`,
    sign,
  ],
  'mandatory-not-granted': ({ publisher }: Texts<'publisher'>): Told => [
    `The manifest says "mandatory", which @${publisher} is not granted.`,
    'Declare it "degradable", or ask an administrator for the grant.',
  ],
  'check-timed-out': ({ check }: Texts<'check'>): Told => [`The check "${check}" did not end in its time.`, again],
  'check-broken': ({ check }: Texts<'check'>): Told => [`The check "${check}" could not be carried out.`, again],
} satisfies Record<string, (params: never) => Told>

export type FindingCode = keyof typeof sentences
export type FindingParams<Code extends FindingCode> = Parameters<(typeof sentences)[Code]>

/** Every code that a check of the registry itself can give. */
export const findingCodes = Object.keys(sentences) as FindingCode[]

/** What a check found, by its code: sentences in English for the command line, and the same for a text in another language. */
export function finding<Code extends FindingCode>(code: Code, ...given: FindingParams<Code>): Finding {
  const params = (given[0] ?? {}) as NonNullable<Finding['params']>
  const sentence = sentences[code] as (params: object) => Told
  const [evidence, fix] = sentence(params)
  return { rule: code.split('.')[0] as string, evidence, fix, code, params }
}

/** What a sentence may be given: lists are put together by the language that they are read in. */
type Param = string | readonly string[]

/** One sentence, and the same by its code for a text in the reader's language. */
export interface Reason {
  /** First word of the code. */
  readonly rule: string
  readonly code: ReasonCode
  readonly params: Readonly<Record<string, Param>>
  readonly plugin?: string
  readonly versions?: readonly string[]
  readonly text: string
}

interface Some {
  readonly plugin: string
  /** Newest first. */
  readonly versions: readonly string[]
}
type Texts<Names extends string> = Readonly<Record<Names, string>>
type Barred<Names extends string> = Some & Texts<Names>
type Wanted = Texts<'plugin' | 'range'>
type Needy = Some & Texts<'capability' | 'range'>
type Beside = Some & Texts<'other' | 'range'>

interface Other {
  readonly other: string
  readonly otherVersions: readonly string[]
}
interface Provider {
  readonly provider: string
  readonly providerVersions: readonly string[]
}

/** Every code with its sentence. The console has a message for each in `plugins/registry-admin`. */
const sentences = {
  wish: (wanted: Wanted) => `${wish(wanted)}.`,
  wish_none: (wanted: Wanted) => `${wish(wanted)}, and there is none.`,
  wish_unknown: (wanted: Wanted) => `${wish(wanted)}, which the registry does not have.`,
  installed: ({ plugin }: Texts<'plugin'>) => `"${plugin}" is installed and stays.`,
  installed_unknown: ({ plugin }: Texts<'plugin'>) =>
    `"${plugin}" is installed and stays, which the registry does not have.`,
  removed: ({ plugin }: Texts<'plugin'>) => `The wish is to remove "${plugin}".`,
  barred_yanked: ({ kind, why, ...some }: Barred<'kind' | 'why'>) => `${spell(some)} is yanked (${kind}): ${why}.`,
  barred_flagged: ({ flags, ...some }: Some & { readonly flags: readonly string[] }) =>
    `${spell(some)} is flagged: ${flags.join(', ')}.`,
  barred_channel: ({ channel, wanted, ...some }: Barred<'channel' | 'wanted'>) =>
    `${spell(some)} is in channel "${channel}", and not in "${wanted}".`,
  barred_excluded: ({ region, ...some }: Barred<'region'>) => `${spell(some)} is not meant for region "${region}".`,
  barred_unapproved: ({ region, ...some }: Barred<'region'>) =>
    `${spell(some)} is not approved for region "${region}".`,
  engine: ({ engine, range, present, ...some }: Some & Texts<'engine' | 'range' | 'present'>) =>
    `${spell(some)} needs ${engine} ${range}, and the instance has ${present}.`,
  consumes: ({ providers, ...needy }: Needy & { readonly providers: readonly string[] }) =>
    `${need(needy)}, which ${quoted(providers).join(' or ')} can provide.`,
  consumes_from: ({ provider, providerVersions, ...needy }: Needy & Provider) =>
    `${need(needy)}; of ${spell({ plugin: provider, versions: providerVersions })} provides that.`,
  consumes_none: ({ providers, ...needy }: Needy & { readonly providers: readonly string[] }) =>
    `${need(needy)}, but no version of ${quoted(providers).join(', ')} provides that.`,
  consumes_unknown: (needy: Needy) => `${need(needy)}, which nobody provides.`,
  requires: (beside: Beside) => `${company(beside)}.`,
  requires_none: (beside: Beside) => `${company(beside)}, and there is none.`,
  requires_unknown: (beside: Beside) => `${company(beside)}, which the registry does not have.`,
  provides: ({ capability, ...some }: Some & Texts<'capability'>) => `${spell(some)} provides "${capability}".`,
  provides_once: ({ capability, ...some }: Some & Texts<'capability'>) =>
    `${spell(some)} provides "${capability}", which has one provider.`,
  conflict: ({ other, otherVersions, why, ...some }: Some & Other & Texts<'why'>) =>
    `${spell(some)} cannot run beside ${spell({ plugin: other, versions: otherVersions })}: ${why}`,
  /** Of `plugin version`. */
  cycle: ({ loop }: { readonly loop: readonly string[] }) =>
    `${loop.map((one) => one.replace(/^\S+/, '"$&"')).join(', ')} wait for each other.`,
} satisfies Record<string, (params: never) => string>

export type ReasonCode = keyof typeof sentences
type ParamsOf<Code extends ReasonCode> = Parameters<(typeof sentences)[Code]>[0]

/** Every code that a plan can be refused with. */
export const reasonCodes = Object.keys(sentences) as ReasonCode[]

/** A reason by its code. */
export function because<Code extends ReasonCode>(code: Code, params: ParamsOf<Code>): Reason {
  const { plugin, versions } = params as Partial<Some>
  const sentence = sentences[code] as (given: ParamsOf<Code>) => string
  const about = { ...(plugin !== undefined && { plugin }), ...(versions && { versions }) }
  return { rule: code.replace(/_.*/, ''), ...about, code, params: params as Reason['params'], text: sentence(params) }
}

function wish({ plugin, range }: Wanted): string {
  return `The wish is "${plugin}" in version ${range}`
}

function need({ capability, range, ...some }: Needy): string {
  return `${spell(some)} needs capability "${capability}" ${range}`
}

function company({ other, range, ...some }: Beside): string {
  return `${spell(some)} needs "${other}" in version ${range} beside it`
}

function quoted(names: readonly string[]): string[] {
  return names.map((name) => `"${name}"`)
}

/** `"billing" 1.0.0`, or `"billing" 1.0.0 … 1.9.0 (5 versions)` for many. */
function spell({ plugin, versions }: Some): string {
  const named =
    versions.length <= 2
      ? versions.toReversed().join(' and ')
      : `${versions.at(-1)} … ${versions[0]} (${versions.length} versions)`
  return `"${plugin}" ${named}`
}

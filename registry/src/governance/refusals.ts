import { Problem } from '@dcesop/sdk-plugin'

type Texts<Names extends string> = Readonly<Record<Names, string>>
type Refusal = readonly [status: number, code: string, detail: string]
type Refusals = Readonly<Record<string, (params: never) => Refusal>>

const impossible = (detail: string): Refusal => [409, 'decision_not_possible', detail]
const otherPerson = (detail: string): Refusal => [403, 'second_person_required', detail]
const noYank = (detail: string): Refusal => [409, 'yank_not_possible', detail]
const noMove = (detail: string): Refusal => [409, 'channel_not_possible', detail]
const unknown = (detail: string): Refusal => [404, 'package_not_found', detail]
const notYours = (detail: string): Refusal => [403, 'forbidden', detail]

/** Why a decision is refused, where its problem code alone does not say it. The console has a message for each in `plugins/registry-admin`. */
const ofDecisions = {
  library: ({ version }: Texts<'version'>) => impossible(`${version} is a library; only plugins are approved.`),
  yanked: ({ version }: Texts<'version'>) => impossible(`${version} is yanked.`),
  flagged: ({ version, flags }: Texts<'version'> & { readonly flags: readonly string[] }) =>
    impossible(`${version} is flagged: ${flags.join(', ')}.`),
  approved: ({ version, region }: Texts<'version' | 'region'>) =>
    impossible(`${version} is approved for "${region}" already.`),
  rejected: () => impossible('It was rejected: its publisher appeals first.'),
  not_rejected: ({ version, region }: Texts<'version' | 'region'>) =>
    impossible(`${version} is not rejected in "${region}".`),
  own_approval: () => otherPerson('You have approved it; another person must, too.'),
  own_rejection: () => otherPerson('Somebody else than who rejected it decides about the appeal.'),
  not_reviewer: ({ region }: Texts<'region'>) => notYours(`Reviewers of region "${region}" decide for it.`),
} satisfies Refusals

/** The same of yanks, channels, and what is not there. `dcesop` has a message for each in `sdk-plugin/src/cli/locales`. */
const ofChanges = {
  unknown_version: ({ version, name }: Texts<'version' | 'name'>) =>
    unknown(`There is no version ${version} of ${name}.`),
  unknown_package: ({ name }: Texts<'name'>) => unknown(`There is no package ${name}.`),
  not_owner: (): Refusal => [403, 'scope_not_owned', 'Its publisher and administrators do this.'],
  deadline_over: ({ deadline, now }: Texts<'deadline' | 'now'>): Refusal => [
    400,
    'invalid_request',
    `The deadline ${deadline} is over (this registry's clock says ${now}).`,
  ],
  yank_of_class: ({ kind }: Texts<'kind'>) => notYours(`Administrators yank for class "${kind}".`),
  restore_of_class: ({ kind }: Texts<'kind'>) => notYours(`Administrators take a yank of class "${kind}" back.`),
  yanked_for: ({ kind }: Texts<'kind'>) => noYank(`It is yanked for class "${kind}" already.`),
  not_yanked: () => noYank('It is not yanked.'),
  yanked_for_ever: () => noYank('What was yanked for security never comes back: publish a new version.'),
  no_channel: ({ channel, channels }: Texts<'channel'> & { readonly channels: readonly string[] }): Refusal => [
    400,
    'invalid_request',
    `There is no channel "${channel}"; channels are: ${channels.join(', ')}.`,
  ],
  in_channel: ({ version, channel }: Texts<'version' | 'channel'>) => noMove(`${version} is in "${channel}" already.`),
  moved_yanked: ({ version }: Texts<'version'>) => noMove(`${version} is yanked.`),
} satisfies Refusals

const refusals = { ...ofDecisions, ...ofChanges }

export type RefusalReason = keyof typeof refusals
export type RefusalParams<Reason extends RefusalReason> = Parameters<(typeof refusals)[Reason]>

/** Every reason by the code of its problem: of decisions, and of changes. */
export const decisionReasons = Object.keys(ofDecisions) as (keyof typeof ofDecisions)[]
export const changeReasons = Object.keys(ofChanges) as (keyof typeof ofChanges)[]

/** A refusal with a sentence for the command line, and the same by `reason` and `params` for a text in another language. */
export function refused<Reason extends RefusalReason>(reason: Reason, ...given: RefusalParams<Reason>): Problem {
  const params = (given[0] ?? {}) as object
  const [status, code, detail] = (refusals[reason] as (params: object) => Refusal)(params)
  return new Problem(status, code, detail, { extensions: { reason, params } })
}

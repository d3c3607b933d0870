import { Problem } from '@dcesop/sdk-plugin'

type Texts<Names extends string> = Readonly<Record<Names, string>>
type Refusal = readonly [status: number, code: string, detail: string]

const impossible = (detail: string): Refusal => [409, 'decision_not_possible', detail]
const otherPerson = (detail: string): Refusal => [403, 'second_person_required', detail]

/** Why a decision is refused, where its problem code alone does not say it. The console has a message for each in `plugins/registry-admin`. */
const refusals = {
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
  not_reviewer: ({ region }: Texts<'region'>): Refusal => [
    403,
    'forbidden',
    `Reviewers of region "${region}" decide for it.`,
  ],
} satisfies Record<string, (params: never) => Refusal>

export type RefusalReason = keyof typeof refusals
export type RefusalParams<Reason extends RefusalReason> = Parameters<(typeof refusals)[Reason]>

/** Every reason by the code of its problem. */
export const refusalReasons = Object.keys(refusals) as RefusalReason[]

/** A refusal with a sentence for the command line, and the same by `reason` and `params` for a text in another language. */
export function refused<Reason extends RefusalReason>(reason: Reason, ...given: RefusalParams<Reason>): Problem {
  const params = (given[0] ?? {}) as object
  const [status, code, detail] = (refusals[reason] as (params: object) => Refusal)(params)
  return new Problem(status, code, detail, { extensions: { reason, params } })
}

import type { I18n, ReasonText, ToldReason } from '@dcesop/sdk-plugin/ui'
import type { AuditRecord } from '../api/history-answers.ts'
import { type Distrust, distrustText } from './distrust.ts'
import { type Objection, objectionText } from './objection.ts'
import { type PlanStep, unconfirmedText } from './plan-steps.ts'

/** What the note of a record is made with. */
export interface NoteTools {
  readonly i18n: Pick<I18n, 't' | 'n' | 'd' | 'list'>
  region(id: string): string
  /** A reason by its codes. */
  reasonOf(told: ToldReason): ReasonText
  /** The sentence for the code of a refusal; undefined for what is no code. */
  refusalOf(code: string, extensions: Readonly<Record<string, unknown>>): ToldRefusal | undefined
}

export interface ToldRefusal {
  readonly text: string
  /** The server's own sentence says nothing more. */
  readonly isWhole: boolean
}

type Value = string | number | boolean

/** Evidence for machines, and what other parts of the note say already. */
const untold = new Set([
  ...['evidence', 'record', 'confirm', 'causes', 'conflict', 'unconfirmed', 'detail'],
  ...['registryCode', 'registryReason', 'told'],
])
/** Details that have a name in the person's language, in the order in which they are told. */
export const namedDetails: readonly string[] = [
  ...['version', 'from', 'with', 'canary', 'cascade', 'acceptNoRollback', 'dropData', 'decision', 'rule', 'class'],
  ...[
    'comment',
    'account',
    'state',
    'reaction',
    'deadline',
    'reason',
    'revision',
    'changed',
    'range',
    'channel',
    'pinned',
    'snapshot',
    'order',
    'sha512',
    'registry',
  ],
]

/**
 * Why and with which choices something was done, in the person's language; what only the server has words for is marked as English.
 * What a plugin noted itself is told as it stands: its details may have any form, and its codes are not the host's.
 */
export function auditNote(record: AuditRecord, tools: NoteTools): ReasonText[] {
  try {
    return record.plugin === undefined ? hostNote(record, tools) : asItStands(record, tools)
  } catch (error) {
    // An older release noted other forms, and records stay.
    if (error instanceof SyntaxError) return asItStands(record, tools)
    throw error
  }
}

function asItStands({ reason, region, details = {} }: AuditRecord, tools: NoteTools): ReasonText[] {
  return [
    ...(reason === undefined ? [] : [own(reason)]),
    ...placeOf(region, tools),
    ...othersOf(Object.keys(details), details, tools),
  ]
}

function hostNote({ reason, region, details = {} }: AuditRecord, tools: NoteTools): ReasonText[] {
  const { i18n, refusalOf } = tools
  const refusal = reason === undefined ? undefined : refusalOf(reason, extensionsIn(details))
  const names = Object.keys(details).filter((name) => !untold.has(name))
  const known = namedDetails.filter((name) => names.includes(name))
  return [
    ...(refusal === undefined ? [] : [own(refusal.text)]),
    ...wayOf(refusal === undefined ? reason : undefined, details, tools, refusal?.isWhole),
    ...placeOf(region, tools),
    ...known.map((name) => detail(i18n.t(`audit.detail.${name}`), valueText(name, details[name] ?? '', tools), tools)),
    ...othersOf(
      names.filter((name) => !known.includes(name)),
      details,
      tools,
    ),
  ]
}

const placeOf = (region: string | undefined, tools: NoteTools): ReasonText[] =>
  region === undefined ? [] : [own(tools.region(region))]

const othersOf = (names: readonly string[], details: Readonly<Record<string, Value>>, tools: NoteTools) =>
  names.map((name) => detail(name, plainText(details[name] ?? '', tools), tools))

const detail = (name: string, value: string, { i18n }: NoteTools): ReasonText =>
  own(i18n.t('audit.detail', { name, value }))

const own = (text: string): ReasonText => ({ text, lang: undefined })

/** What was in the way or why it happened, by codes where there are some; else what the server or a person wrote. */
function wayOf(
  reason: string | undefined,
  details: Readonly<Record<string, Value>>,
  { i18n, reasonOf }: NoteTools,
  isToldWhole = false,
): ReasonText[] {
  const { causes, conflict, unconfirmed, detail, told } = details
  if (unconfirmed !== undefined) return [own(unconfirmedText(parsed<PlanStep>(unconfirmed), i18n))]
  if (conflict !== undefined) return parsed<Objection>(conflict).map((one) => objectionText(one, i18n))
  const sentence = detail === undefined ? reason : String(detail)
  if (causes !== undefined)
    return [reasonOf({ reason: sentence ?? '', causes: parsed<NonNullable<ToldReason['causes']>[number]>(causes) })]
  const distrust = told === undefined ? undefined : distrustText(JSON.parse(String(told)) as Distrust, i18n)
  if (distrust) return [distrust]
  if (detail !== undefined) return isToldWhole ? [] : [{ text: String(detail), lang: 'en' }]
  return reason === undefined ? [] : [own(reason)]
}

/** As the problem had them. */
function extensionsIn(details: Readonly<Record<string, Value>>): Readonly<Record<string, unknown>> {
  const { registryReason } = details
  return registryReason === undefined
    ? details
    : { ...details, registryReason: JSON.parse(String(registryReason)) as unknown }
}

const parsed = <T>(json: Value): readonly T[] => JSON.parse(String(json)) as T[]

function plainText(value: Value, { i18n }: NoteTools): string {
  if (typeof value === 'boolean') return i18n.t(value ? 'audit.yes' : 'audit.no')
  return typeof value === 'number' ? i18n.n(value) : value || '—'
}

function valueText(name: string, value: Value, tools: NoteTools): string {
  const { i18n, region } = tools
  if (name === 'from' && value === 'registry') return i18n.t('versions.source.registry')
  if (name === 'with')
    return i18n.list(
      parsed<{ plugin: string; version: string }>(value).map(({ plugin, version }) => `${plugin} ${version}`),
    )
  if (name === 'canary') return canaryText(JSON.parse(String(value)) as Trial, i18n, region)
  if (name === 'deadline' && value !== '') return i18n.d(String(value), { dateStyle: 'medium', timeStyle: 'short' })
  if (name === 'decision' && (value === 'approve' || value === 'reject')) return i18n.t(`decision.do.${value}`)
  if (name === 'class' && classes.has(String(value))) return i18n.t(`yank.${value}`)
  if (name === 'rule' && rules.has(String(value))) return i18n.t(`finding.${value}`)
  return plainText(value, tools)
}

const classes = new Set(['security', 'legal', 'defect', 'withdrawn'])
const rules = new Set(['yanked', 'flagged', 'unapproved', 'unlisted'])

interface Trial {
  readonly percent?: number
  readonly regions?: readonly string[]
  readonly subjects?: readonly string[]
}

function canaryText(
  { percent, regions = [], subjects = [] }: Trial,
  i18n: NoteTools['i18n'],
  region: NoteTools['region'],
): string {
  if (percent !== undefined)
    return i18n.t('canary.who.percent', {
      percent: i18n.n(percent / 100, { style: 'percent', maximumFractionDigits: 1 }),
    })
  if (regions.length > 0) return i18n.t('canary.who.regions', { regions: i18n.list(regions.map(region)) })
  return i18n.t('canary.who.people', { count: subjects.length })
}

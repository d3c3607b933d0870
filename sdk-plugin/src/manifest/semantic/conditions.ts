import { customer360ContextSchema } from '../../contracts/customer-360-schema.ts'
import { roles } from '../../contracts/roles.ts'
import { parseWhen, type When } from '../../contracts/when/index.ts'
import type { FindingCode, FindingParams } from '../../findings/finding-text.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'

interface Schema {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
  readonly patternProperties?: unknown
  readonly items?: Schema
  readonly enum?: readonly unknown[]
}

const text: Schema = { type: 'string' }
/** What `user` has, in the form of what `context` has. */
const user: Schema = {
  type: 'object',
  additionalProperties: false,
  properties: { roles: { type: 'array', items: { enum: roles } }, regions: { type: 'array', items: text } },
}
/** Whether a widget is offered is decided before it has a place, so nothing of its context is known. */
const widget: Schema = { type: 'object', additionalProperties: false, properties: {} }
/** Contexts of points that are not the plugin's own and that this SDK knows. */
const known: Readonly<Record<string, Schema>> = {
  'customer360.panel/v1': customer360ContextSchema,
  'customer360.banner/v1': customer360ContextSchema,
  'dashboard.widget/v1': widget,
}

/** What is wrong with a condition, by code. */
type Mistake = [code: FindingCode & `manifest-when.${string}`, params: FindingParams]

/** Read by the shell, which shows nothing that it cannot read, and nothing by a condition that can never hold. */
export function conditions({ ui }: PluginManifest): ManifestFinding[] {
  const own = Object.fromEntries((ui?.points ?? []).map(({ id, contextSchema }) => [id, contextSchema as Schema]))
  return (ui?.extensions ?? []).flatMap(({ id, when, point }, index) => {
    const scope: Schema = { properties: { user, context: own[point] ?? known[point] ?? {} } }
    return mistakesIn(when, scope).map(([code, params]) =>
      finding(code, `/ui/extensions/${index}/when`, { id, ...params }),
    )
  })
}

function mistakesIn(when: string | undefined, scope: Schema): Mistake[] {
  if (when === undefined) return []
  try {
    return [...wrongIn(parseWhen(when), scope)]
  } catch (error) {
    return [['manifest-when.unreadable', { why: (error as Error).message }]]
  }
}

function* wrongIn(when: When, scope: Schema): Generator<Mistake> {
  if (when.kind === 'path') {
    const missing = unknownName(when.names, scope)
    if (missing !== undefined) yield ['manifest-when.name', { name: missing }]
  } else if (when.kind === 'not') yield* wrongIn(when.of, scope)
  else if (when.kind === 'list') for (const item of when.items) yield* wrongIn(item, scope)
  else if (when.kind !== 'value') {
    yield* wrongIn(when.left, scope)
    yield* wrongIn(when.right, scope)
    if (when.kind === '||' || when.kind === '&&') return
    for (const [path, other] of [
      [when.left, when.right],
      [when.right, when.left],
    ] as const) {
      const compared = path.kind === 'path' ? schemaAt(path.names, scope) : undefined
      if (!compared) continue
      const isList = compared.type === 'array'
      if (isList && !(when.kind === 'in' && path === when.right)) yield ['manifest-when.list', { path: nameOf(path) }]
      else yield* impossible(other, isList ? compared.items : compared)
    }
  }
}

/** Texts that the other side of a comparison never is. */
function* impossible(other: When, { enum: values }: Schema = {}): Generator<Mistake> {
  if (!values) return
  for (const one of other.kind === 'list' ? other.items : [other])
    if (one.kind === 'value' && one.value !== null && !values.includes(one.value))
      yield ['manifest-when.value', { value: JSON.stringify(one.value), values: values.join(', ') }]
}

function nameOf(path: When): string {
  return path.kind === 'path' ? path.names.join('.') : ''
}

/** The path up to the first name that a closed schema does not have. */
function unknownName(names: readonly string[], scope: Schema): string | undefined {
  let node: Schema | undefined = scope
  for (const [index, name] of names.entries()) {
    const object: Schema | undefined = node.type === 'array' ? node.items : node
    const next: Schema | undefined = member(object, name)
    if (!next) return isClosed(object) ? names.slice(0, index + 1).join('.') : undefined
    node = next
  }
  return undefined
}

/** What a path leads to, undefined where that is open; through a list it is a list of what its items have. */
function schemaAt(names: readonly string[], scope: Schema): Schema | undefined {
  let node: Schema | undefined = scope
  let isList = false
  for (const name of names) {
    const through: boolean = node?.type === 'array'
    isList ||= through
    node = member(through ? node?.items : node, name)
  }
  return node && isList ? { type: 'array', items: node } : node
}

function isClosed(node: Schema | undefined): boolean {
  return node?.additionalProperties === false && node.patternProperties === undefined
}

function member(node: Schema | undefined, name: string): Schema | undefined {
  return node?.properties && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined
}

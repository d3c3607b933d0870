import type { JsonSchema } from '../api/manifest.ts'
import { applied, collisions, DraftStore, edited, type Edits } from './draft.ts'
import { fieldGroups } from './fields.ts'
import { mistakesBy } from './mistakes.ts'
import { jsonEdit, numberEdit, numberText } from './numbers.ts'
import { below, onLevel } from './origin.ts'
import { type ConfigAnswer, everywhere } from './types.ts'

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'Lab' },
    mode: { enum: ['a', 'b'] },
    token: { type: 'string' },
    rules: { type: 'array', items: { type: 'object' } },
    alerts: {
      type: 'object',
      properties: { after: { type: 'integer', default: 15 }, to: { type: 'array', items: { type: 'string' } } },
    },
    open: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } },
    either: { anyOf: [{ type: 'string' }, { type: 'number' }] },
  },
} as JsonSchema
const config: ConfigAnswer = {
  ...{ version: '1.0.0', revision: 2, schema, secrets: ['/token'], scopes: ['global', 'region'], texts: {} },
  host: { mode: 'a' },
  global: { alerts: { after: 20 }, open: { a: 'x' } },
  regions: { mx: { open: { b: 'y' } } },
}
const fields = fieldGroups(schema, ['/token']).flatMap((group) => group.fields)
const i18n = {
  t: (id: string, values: object = {}) => `${id} ${JSON.stringify(values)}`,
  n: String,
  list: (values: readonly string[]) => values.join(),
}

it('a form is drawn for what a schema names, and JSON for what depends on more', () => {
  expect(fields.map(({ pointer, kind }) => `${pointer} ${kind}`)).toEqual([
    ...['/name text', '/mode choice', '/token secret', '/rules json', '/open json', '/either json'],
    ...['/alerts/after integer', '/alerts/to list'],
  ])
})

describe('a value comes from', () => {
  const held = (level: string, ...path: string[]) =>
    onLevel(config, level, level === everywhere ? config.global : (config.regions[level] ?? {}), path)

  it('the highest level that sets it', () => {
    expect(held('mx', 'mode')).toEqual({ origin: 'host', value: 'a' })
    expect(held('mx', 'name')).toEqual({ origin: 'default', value: 'Lab' })
    expect(held('mx', 'alerts', 'after')).toEqual({ origin: 'everywhere', value: 20 })
    expect(held(everywhere, 'alerts', 'to')).toEqual({ origin: null, value: undefined })
  })
  it('all levels, where it is an object: they are laid over each other', () => {
    expect(held('mx', 'open')).toEqual({ origin: 'region', value: { a: 'x', b: 'y' } })
    expect(below(config, 'mx', ['open'])).toEqual({ origin: 'everywhere', value: { a: 'x' } })
  })
  it('no default inside an object that is nowhere', () => {
    expect(below({ ...config, global: {} }, 'mx', ['alerts', 'after'])).toEqual({ origin: null, value: undefined })
  })
})

describe('changes', () => {
  it('are laid into what is set, and leave nothing empty behind', () => {
    const edits: Edits = {
      '/alerts/after': { unset: true },
      '/name': { set: 'x' },
      '/mode': { wrong: 'json', text: '' },
    }
    expect(applied({ alerts: { after: 1 } }, edits)).toEqual({ name: 'x' })
  })
  it('are none when they come to what is set already', () => {
    const edits = edited({ name: 'x' }, {}, '/name', { set: 'y' })
    expect(edits).toEqual({ '/name': { set: 'y' } })
    expect(edited({ name: 'x' }, edits, '/name', { set: 'x' })).toEqual({})
    expect(edited({}, {}, '/name', { unset: true })).toEqual({})
  })
  it('collide with what somebody else changed meanwhile, and with nothing else', () => {
    const edits: Edits = { '/name': { set: 'mine' }, '/mode': { set: 'b' } }
    expect(collisions({ name: 'x' }, { name: 'theirs' }, edits)).toEqual(['/name'])
  })
  it('stay in the tab until they are taken back, for their own person and plugin', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    } as unknown as Storage
    new DraftStore('ana', 'lab', storage).keep({ mx: { revision: 2, edits: { '/name': { set: 'x' } } } })
    expect(new DraftStore('ana', 'lab', storage).read()).toHaveProperty('mx.revision', 2)
    expect(new DraftStore('bea', 'lab', storage).read()).toEqual({})
    new DraftStore('ana', 'lab', storage).keep({ mx: { revision: 2, edits: {} } })
    expect(kept.size).toBe(0)
  })
})

it.each([
  ['0,5', 'number', 'pt-BR', 0.5],
  ['0.5', 'number', 'es-MX', 0.5],
  ['1.000', 'number', 'pt-BR', undefined],
  ['1,000', 'number', 'en', undefined],
  ['1.000', 'integer', 'pt-BR', undefined],
  ['67108864', 'integer', 'es-CO', 67_108_864],
  ['', 'integer', 'en', undefined],
] as const)('%p as %s in %s is %p: what could be two numbers is none', (text, kind, locale, expected) => {
  const edit = numberEdit(text, kind, locale)
  expect('set' in edit ? edit.set : undefined).toBe(expected)
  if (expected !== undefined) expect(numberText(expected, locale)).toBe(text)
})

it('JSON that is none stays what it is, and is no value', () => {
  expect(jsonEdit('[1')).toEqual({ wrong: 'json', text: '[1' })
  expect(jsonEdit('[1]')).toMatchObject({ set: [1] })
})

it('what the host has against values is told by setting, with the place inside one', () => {
  const told = mistakesBy(
    fields,
    [
      { pointer: '/alerts/after', rule: 'maximum', params: { limit: 120 } },
      { pointer: '/rules/0/kind', rule: 'required', params: {} },
      { pointer: '/token', rule: 'secret', params: { missing: true } },
      { pointer: '/unknown', rule: 'additionalProperties', params: {} },
    ],
    i18n as never,
  )
  expect(told['/alerts/after']).toBe('config.wrong.maximum {"limit":"120"}')
  expect(told['/token']).toContain('config.wrong.secret.missing')
  expect(told['/rules']).toContain('"place":"1 › kind"')
  expect(told['']).toContain('config.wrong.additionalProperties')
})

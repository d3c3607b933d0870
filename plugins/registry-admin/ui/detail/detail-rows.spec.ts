import { versionFacts } from './version-facts.ts'
import { settingRows } from './setting-rows.ts'
import { usageRows } from './usage-rows.ts'
import { versionRows } from './version-rows.ts'

it('joins what is here with what the registry has, newest first', () => {
  const rows = versionRows(
    [{ version: '1.0.0' }, { version: '1.10.0' }] as never,
    [{ version: '1.9.0' }, { version: '1.0.0' }] as never,
  )
  expect(rows.map(({ version, stored, offered }) => [version, stored !== null, offered !== null])).toEqual([
    ['1.10.0', true, false],
    ['1.9.0', false, true],
    ['1.0.0', true, true],
  ])
})

it('names who is at the other end of each tie', () => {
  const usage = {
    running: true,
    provides: [
      {
        capability: 'customers.directory',
        version: '1.0.0',
        consumers: [{ plugin: 'diagnostics', range: '^1', optional: false }],
      },
    ],
    extensions: [{ point: 'dashboard.widget/v1', unit: 'search', owner: null }],
  }
  expect(usageRows(usage)).toEqual([
    { kind: 'provides', what: 'customers.directory 1.0.0', others: ['diagnostics'] },
    { kind: 'panel', what: 'search → dashboard.widget/v1', others: [] },
  ])
})

it('lists the settings of a schema by their paths, with what they may be', () => {
  const schema = {
    properties: {
      retention: { type: 'object', properties: { hours: { type: 'integer', minimum: 2, maximum: 7200, default: 48 } } },
      mode: { type: 'string', enum: ['on', 'off'], description: 'How.' },
    },
  }
  const number = (value: number) => value.toLocaleString('es-CO', { useGrouping: 'always' })
  expect(settingRows(schema, number)).toEqual([
    { path: 'retention.hours', types: ['integer'], limits: '2 – 7.200 = 48', about: '' },
    { path: 'mode', types: ['string'], limits: 'on | off', about: 'How.' },
  ])
  expect(settingRows(undefined, number)).toEqual([])
})

it('a version says on what it runs, what changed and who answers for it, and leads only to the web', () => {
  const support = { owner: 'Acme', contact: 'mailto:ops@acme.example', changelog: 'https://acme.example/changes' }
  const facts = versionFacts({ id: 'radio', version: '1.0.0', engines: { dcesop: '^1.2' }, support })
  expect(facts.map(({ key, value, href }) => [key, value, href])).toEqual([
    ['engine', '^1.2', undefined],
    ['changelog', 'https://acme.example/changes', 'https://acme.example/changes'],
    ['owner', 'Acme', undefined],
    ['contact', 'mailto:ops@acme.example', undefined],
  ])
  const [fact] = versionFacts({ id: 'radio', version: '1.0.0', support: { docs: 'javascript:alert(1)' } })
  expect(fact).toMatchObject({ value: 'javascript:alert(1)', href: undefined })
})

import { checkManifest } from '../manifest/check.ts'
import { minimalManifest } from '../testing/manifest.ts'
import { PackageError } from '../findings/finding.ts'
import { packFiles } from './pack.ts'

const findingsOf = (change: object) => {
  const result = checkManifest({ ...minimalManifest(), ...change })
  return result.ok ? [] : result.findings.map(({ rule, pointer, message }) => [rule, pointer, message])
}

it.each([
  ['a host backwards', '\u202emoc.elpmaxe', 'U+202E'],
  ['a terminal’s command', 'Acme\u001b[2J', 'U+001B'],
  ['nothing to be seen', 'Ac\u200bme', 'U+200B'],
])('refuses a manifest whose text shows %s', (_what, owner, character) => {
  const support = { ...minimalManifest().support, owner }
  expect(findingsOf({ support })).toEqual([
    [
      'manifest-hidden-character',
      '/support/owner',
      `The text at /support/owner has the character ${character}, which nobody sees.`,
    ],
  ])
})

it('looks at names of members, too, and leaves line ends and every letter alone', () => {
  const schemaOf = (name: string) => ({ config: { schema: { type: 'object', properties: { [name]: {} } } } })
  expect(findingsOf(schemaOf('a\u2066b'))).toEqual([
    ['manifest-hidden-character', '/config/schema/properties/0', expect.stringContaining('U+2066')],
  ])
  const inside = { config: { schema: { type: 'object', properties: { 'a/b~c': { title: 'Ac\u200bme' } } } } }
  expect(findingsOf(inside)).toEqual([
    ['manifest-hidden-character', '/config/schema/properties/a~1b~0c/title', expect.stringContaining('U+200B')],
  ])
  expect(findingsOf(schemaOf('ação “ñ”\u00a0\n\t日本 👩‍🔧'))).toEqual([])
})

it('refuses a catalogue with one, however it is written', async () => {
  const files = new Map(
    Object.entries({
      'package.json': JSON.stringify({ name: '@acme/dcesop-demo', version: '1.0.0' }),
      'dcesop.plugin.json': JSON.stringify(minimalManifest()),
      'locales/es.json': '{}',
      'locales/pt-BR.json': '{"demo.title":"Acme \\u202eemoc"}',
      'locales/en.json': '{}',
    }).map(([path, text]) => [path, Buffer.from(text)]),
  )
  const thrown = await packFiles(files).catch((error: unknown) => error)
  expect(thrown).toBeInstanceOf(PackageError)
  expect((thrown as PackageError).findings).toEqual([
    {
      rule: 'package-hidden-character',
      evidence: 'locales/pt-BR.json has the character U+202E at /demo.title, which nobody sees.',
      fix: 'Take it out.',
      code: 'package-hidden-character',
      params: { path: 'locales/pt-BR.json', pointer: '/demo.title', character: 'U+202E' },
    },
  ])
})

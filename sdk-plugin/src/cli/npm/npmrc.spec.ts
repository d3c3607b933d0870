import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseNpmrc, registryAccess } from './npmrc.ts'

describe('parseNpmrc', () => {
  it('reads what npm reads', () => {
    process.env['NPMRC_SPEC'] = 'secret'
    const text = '# note\n; note\nregistry = https://a.example/ \n//a.example/:_authToken="${NPMRC_SPEC}"\nnonsense\n'
    expect(parseNpmrc(text)).toEqual([
      ['registry', 'https://a.example/'],
      ['//a.example/:_authToken', 'secret'],
    ])
  })
})

describe('registryAccess', () => {
  it('takes the scope’s registry, its path included, and what was typed before both', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'npmrc-'))
    try {
      const lines = [
        'registry=https://a.example',
        '@acme:registry=https://b.example/npm/',
        '//b.example/npm/:_authToken=one',
        '//c.example/:_authToken=two',
      ]
      await writeFile(path.join(dir, '.npmrc'), lines.join('\n'))
      expect(await registryAccess(dir, '@acme')).toEqual({ url: 'https://b.example/npm', token: 'one' })
      expect(await registryAccess(dir, '@other')).toEqual({ url: 'https://a.example', token: undefined })
      expect(await registryAccess(dir, '@acme', 'https://c.example/')).toEqual({
        url: 'https://c.example',
        token: 'two',
      })
      // One login serves all that a host has below it.
      expect(await registryAccess(dir, '@acme', 'https://c.example/npm/private')).toMatchObject({ token: 'two' })
      expect(await registryAccess(dir, '@acme', 'https://b.example/other')).toMatchObject({ token: undefined })
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})

import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { minimalManifest } from '@dcesop/sdk-plugin/testing'
import semver from 'semver'
import { generatedRegistry, seeded } from '../../testing/generated-registry.ts'
import { type Barrier, type Candidate, Candidates } from './candidates.ts'
import { resolvePlan } from './plan.ts'
import type { Question } from './puzzle.ts'

const engines = { dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0' }
const version = (
  plugin: string,
  number: string,
  change: Partial<PluginManifest> = {},
  barred?: Barrier,
): Candidate => ({
  plugin,
  version: number,
  manifest: minimalManifest({ id: plugin, version: number, ...change }),
  barred,
})
const provides = (capability: string, number: string) => ({ provides: { [capability]: number } })
const consumes = (capability: string, range: string, more: object = {}) => ({
  consumes: [{ capability, range, ...more }],
})

function ask(candidates: readonly Candidate[], question: Partial<Question> = {}) {
  return resolvePlan(new Candidates(candidates), {
    engines,
    installed: new Map(),
    install: [],
    remove: [],
    ...question,
  })
}
const wish = (plugin: string, range = '*') => ({ install: [{ plugin, range }] })
const stepsOf = (answer: ReturnType<typeof ask>) =>
  answer.ok ? answer.steps.map(({ action, plugin, version: to }) => `${action} ${plugin} ${to}`) : answer.conflict

const directory = [
  version('customers', '1.0.0', provides('customers.directory', '1.0.0')),
  version('customers', '2.0.0', provides('customers.directory', '2.0.0')),
]

describe('a plan', () => {
  it('takes the newest that fits, with what it needs, providers first', () => {
    const billing = [
      version('a-billing', '1.0.0', consumes('customers.directory', '^1.0.0')),
      version('a-billing', '2.0.0', consumes('customers.directory', '^1.0.0')),
    ]
    expect(stepsOf(ask([...directory, ...billing], wish('a-billing')))).toEqual([
      'install customers 1.0.0',
      'install a-billing 2.0.0',
    ])
  })

  it('goes back to an older version when the newest cannot be', () => {
    const billing = [
      version('billing', '1.0.0', consumes('customers.directory', '^2.0.0')),
      version('billing', '2.0.0', consumes('customers.directory', '^3.0.0')),
    ]
    expect(stepsOf(ask([...directory, ...billing], wish('billing')))).toEqual([
      'install customers 2.0.0',
      'install billing 1.0.0',
    ])
  })

  it('keeps what is installed where it can, brings what is asked for up to date, and removes', () => {
    const billing = version('billing', '1.0.0', consumes('customers.directory', '*'))
    const installed = new Map([['customers', '1.0.0']])
    expect(stepsOf(ask([...directory, billing], { ...wish('billing'), installed }))).toEqual([
      'keep customers 1.0.0',
      'install billing 1.0.0',
    ])
    expect(stepsOf(ask(directory, { ...wish('customers'), installed }))).toEqual(['upgrade customers 2.0.0'])
    expect(stepsOf(ask(directory, { remove: ['customers'], installed }))).toEqual(['remove customers 1.0.0'])
  })

  it('prefers a provider that is installed, and otherwise one by id', () => {
    const others = [version('zz', '1.0.0', provides('x.y', '1.0.0')), version('aa', '1.0.0', provides('x.y', '1.0.0'))]
    const user = version('user', '1.0.0', consumes('x.y', '^1.0.0'))
    expect(stepsOf(ask([...others, user], wish('user')))).toEqual(['install aa 1.0.0', 'install user 1.0.0'])
    const installed = new Map([['zz', '1.0.0']])
    expect(stepsOf(ask([...others, user], { ...wish('user'), installed }))).toEqual(
      ['install user 1.0.0', 'keep zz 1.0.0'].sort().reverse(),
    )
  })

  it('says what runs with less', () => {
    const user = version('user', '1.0.0', consumes('x.y', '^1.0.0', { optional: true, degrade: 'readonly' }))
    expect(ask([user], wish('user'))).toMatchObject({
      ok: true,
      degraded: [{ plugin: 'user', capability: 'x.y', degrade: 'readonly' }],
    })
  })

  it('never has two providers of one capability, nor plugins that exclude each other or wait for each other', () => {
    const two = [version('one', '1.0.0', provides('x.y', '1.0.0')), version('two', '1.0.0', provides('x.y', '1.0.0'))]
    const both = {
      install: [
        { plugin: 'one', range: '*' },
        { plugin: 'two', range: '*' },
      ],
    }
    expect(stepsOf(ask(two, both))).toContainEqual(expect.objectContaining({ rule: 'provides' }))
    const rivals = [
      version('one', '1.0.0', { conflicts: [{ plugin: 'two', range: '<2', reason: 'Both write.' }] }),
      version('two', '1.0.0'),
    ]
    expect(stepsOf(ask(rivals, both))).toContainEqual({
      rule: 'conflict',
      plugin: 'one',
      versions: ['1.0.0'],
      code: 'conflict',
      params: { plugin: 'one', versions: ['1.0.0'], other: 'two', otherVersions: ['1.0.0'], why: 'Both write.' },
      text: '"one" 1.0.0 cannot run beside "two" 1.0.0: Both write.',
    })
    expect(stepsOf(ask([...rivals, version('two', '2.0.0')], both))).toEqual(['install one 1.0.0', 'install two 2.0.0'])
    const loop = [
      version('one', '1.0.0', { ...provides('a.a', '1.0.0'), ...consumes('b.b', '*') }),
      version('two', '1.0.0', { ...provides('b.b', '1.0.0'), ...consumes('a.a', '*') }),
    ]
    expect(stepsOf(ask(loop, wish('one')))).toContainEqual({
      rule: 'cycle',
      code: 'cycle',
      params: { loop: ['one 1.0.0', 'two 1.0.0'] },
      text: '"one" 1.0.0, "two" 1.0.0 wait for each other.',
    })
    const older = version('one', '0.9.0', provides('a.a', '0.9.0'))
    expect(stepsOf(ask([...loop, older], wish('one')))).toEqual(['install one 0.9.0'])
  })
})

describe('an explanation', () => {
  it('names which range of which plugin excludes which versions', () => {
    const billing = version('billing', '1.0.0', consumes('customers.directory', '^2.0.0'))
    const legacy = version('legacy', '1.0.0', consumes('customers.directory', '^1.0.0'))
    const both = {
      install: [
        { plugin: 'billing', range: '*' },
        { plugin: 'legacy', range: '^1.0.0' },
      ],
    }
    const answer = ask([...directory, billing, legacy], both)
    expect(answer.ok).toBe(false)
    const texts = answer.ok ? [] : answer.conflict.map(({ text }) => text)
    expect(texts).toContain(
      '"billing" 1.0.0 needs capability "customers.directory" ^2.0.0; of "customers" 2.0.0 provides that.',
    )
    expect(texts).toContain(
      '"legacy" 1.0.0 needs capability "customers.directory" ^1.0.0; of "customers" 1.0.0 provides that.',
    )
    expect(texts).toContain('The wish is "legacy" in version ^1.0.0.')
  })

  it.each([
    ['wish_unknown', [], wish('nobody'), 'The wish is "nobody" in version *, which the registry does not have.'],
    [
      'wish_none',
      directory,
      wish('customers', '^3.0.0'),
      'The wish is "customers" in version ^3.0.0, and there is none.',
    ],
    [
      'engine',
      [version('new', '1.0.0', { engines: { dcesop: '^9.0.0', sdk: '*' } })],
      wish('new'),
      '"new" 1.0.0 needs dcesop ^9.0.0, and the instance has 0.1.0.',
    ],
    [
      'barred_yanked',
      [version('bad', '1.0.0', {}, { code: 'barred_yanked', kind: 'security', why: 'steals' })],
      wish('bad'),
      '"bad" 1.0.0 is yanked (security): steals.',
    ],
    [
      'consumes',
      [
        version('needy', '1.0.0', consumes('x.y', '^1.0.0')),
        ...['1.0.0', '1.1.0', '1.2.0'].map((number) =>
          version('able', number, provides('x.y', number), { code: 'barred_unapproved', region: 'br' }),
        ),
      ],
      wish('needy'),
      '"needy" 1.0.0 needs capability "x.y" ^1.0.0, which "able" can provide.',
    ],
    [
      'barred_unapproved',
      [1, 2, 3].map((major) => version('new', `${major}.0.0`, {}, { code: 'barred_unapproved', region: 'br' })),
      wish('new'),
      '"new" 1.0.0 … 3.0.0 (3 versions) is not approved for region "br".',
    ],
    [
      'consumes_none',
      [version('needy', '1.0.0', consumes('customers.directory', '^3.0.0')), ...directory],
      wish('needy'),
      '"needy" 1.0.0 needs capability "customers.directory" ^3.0.0, but no version of "customers" provides that.',
    ],
    [
      'consumes_unknown',
      [version('needy', '1.0.0', consumes('x.y', '^1.0.0'))],
      wish('needy'),
      '"needy" 1.0.0 needs capability "x.y" ^1.0.0, which nobody provides.',
    ],
    [
      'requires_unknown',
      [version('br', '1.0.0', { regions: { requires: ['regional-compliance@^2'] } })],
      wish('br'),
      '"br" 1.0.0 needs "regional-compliance" in version ^2 beside it, which the registry does not have.',
    ],
  ] as const)('of code %s', (code, candidates, question, text) => {
    const rule = code.split('_')[0]
    expect(stepsOf(ask(candidates as readonly Candidate[], question))).toContainEqual(
      expect.objectContaining({ rule, code, text }),
    )
  })
})

/** Whether a choice of versions, one or none for each plugin, can run together with the wish in it. */
function sound(chosen: readonly Candidate[], wanted: string): boolean {
  if (!chosen.some(({ plugin }) => plugin === wanted)) return false
  return chosen.every(({ manifest }) =>
    (manifest.consumes ?? []).every(({ capability, range }) =>
      chosen.some((other) => semver.satisfies(String(other.manifest.provides?.[capability] ?? '0.0.0-none'), range)),
    ),
  )
}

function exists(
  choices: readonly (readonly Candidate[])[],
  wanted: string,
  chosen: readonly Candidate[] = [],
): boolean {
  const [first, ...rest] = choices
  if (!first) return sound(chosen, wanted)
  return exists(rest, wanted, chosen) || first.some((candidate) => exists(rest, wanted, [...chosen, candidate]))
}

describe('on generated registries', () => {
  it('finds a plan exactly when there is one, and the same each time', () => {
    let solved = 0
    for (let seed = 1; seed <= 80; seed += 1) {
      const random = seeded(seed)
      // Versions thrown out at random make many wishes impossible.
      const candidates = generatedRegistry(5, 7, seed).filter(() => random() < 0.45)
      const byPlugin = [...Map.groupBy(candidates, ({ plugin }) => plugin).values()]
      for (const [{ plugin: wanted }] of byPlugin as [Candidate][]) {
        const answer = ask(candidates, wish(wanted))
        expect({ seed, wanted, ok: answer.ok }).toEqual({ seed, wanted, ok: exists(byPlugin, wanted) })
        expect(ask(candidates.toReversed(), wish(wanted))).toEqual(answer)
        if (!answer.ok) continue
        solved += 1
        const chosen = answer.steps.map(({ plugin, version: number }) =>
          candidates.find((candidate) => candidate.plugin === plugin && candidate.version === number),
        )
        expect(sound(chosen as Candidate[], wanted)).toBe(true)
      }
    }
    expect(solved).toBeGreaterThan(40)
  })
})

import { regionProfile, type RegionProfile } from './regions.ts'
import { keysOf, searchPlan } from './search-keys.ts'

const br = regionProfile('br') as RegionProfile
const mx = regionProfile('mx') as RegionProfile
const co = regionProfile('co') as RegionProfile

const keys = keysOf({
  names: 'João Muñoz da Silva',
  phones: ['+5511987654321'],
  documents: ['39053344705'],
  accounts: ['BR-1000.2345'],
  emails: ['Joao@Example.com'],
})

describe('search keys of a person', () => {
  it('folds accents and case and pairs the words of a name', () => {
    expect(keys).toEqual(expect.arrayContaining(['n:joao', 'n:munoz', 'n:da', 'n:silva', 'q:joa mun', 'q:mun sil']))
  })

  it('has what an apostrophe joins as its parts and as one word', () => {
    const names = "Ana D’Ávila Sant'Anna"
    const found = keysOf({ names, phones: [], documents: [], accounts: [], emails: [] })
    expect(found).toEqual(expect.arrayContaining(['n:d', 'n:avila', 'n:davila', 'n:sant', 'n:anna', 'n:santanna']))
  })

  it('has letters that not every keyboard has as they are and as people type them', () => {
    const names = 'Bjørn Strauß Wałęsa Æskil'
    const found = keysOf({ names, phones: [], documents: [], accounts: [], emails: [] })
    expect(found).toEqual(
      expect.arrayContaining(['n:bjørn', 'n:bjorn', 'n:strauß', 'n:strauss', 'n:walesa', 'n:aeskil', 'q:bjo str']),
    )
    for (const query of ['Bjørn', 'bjorn', 'Strauß', 'strauss', 'WAŁĘSA', 'walesa', 'Æskil', 'aeskil']) {
      const plan = searchPlan(query, br)
      expect(found).toContain(`n:${plan?.kind === 'words' ? plan.words[0] : ''}`)
    }
  })

  it('types identifiers', () => {
    expect(keys).toEqual(
      expect.arrayContaining(['p:+5511987654321', 'd:39053344705', 'a:BR10002345', 'e:joao@example.com']),
    )
  })
})

describe('what a query looks for', () => {
  it.each([
    ['(11) 98765-4321', br, 'p:+5511987654321'],
    ['390.533.447-05', br, 'd:39053344705'],
    ['br 1000 2345', br, 'a:BR10002345'],
    ['JOAO@example.com', br, 'e:joao@example.com'],
    ['３９０.５３３.４４７-０５', br, 'd:39053344705'],
    ['(0xx11) 98765‑4321', br, 'p:+5511987654321'],
    ['jose\u0301@example.com', br, 'e:josé@example.com'],
    ['boxw310820hnerxn09', mx, 'd:BOXW310820HNERXN09'],
    ['1.020.304.050', co, 'd:1020304050'],
  ] as const)('finds %s by its key', (query, profile, key) => {
    const plan = searchPlan(query, profile)
    expect(plan).toMatchObject({ kind: 'exact', keys: expect.arrayContaining([key]) })
  })

  it('tries a bare number as phone, document and account, since it may be each', () => {
    expect(searchPlan('39053344705', br)).toEqual({ kind: 'exact', keys: ['d:39053344705', 'a:39053344705'] })
  })

  it('narrows several words by the pair of their beginnings', () => {
    expect(searchPlan('silv jo MUÑ', br)).toEqual({ kind: 'words', words: ['silv', 'mun', 'jo'], pair: 'q:mun sil' })
    expect(searchPlan('ana b', br)).toEqual({ kind: 'words', words: ['ana', 'b'] })
  })

  it('goes on without the particles of a name, but for what may be the beginning of a longer word', () => {
    expect(searchPlan('João dos Santos', br)).toMatchObject({
      words: ['santos', 'joao', 'dos'],
      withoutParticles: { kind: 'words', words: ['santos', 'joao'], pair: 'q:joa san' },
    })
    expect(searchPlan('maria de la', mx)).toMatchObject({ withoutParticles: { words: ['maria', 'la'] } })
    expect(searchPlan('joao santos', br)).not.toHaveProperty('withoutParticles')
  })

  it.each(['  ', '...', '()'])('looks for nothing when %p holds no word', (query) => {
    expect(searchPlan(query, br)).toBeUndefined()
  })

  it.each(['.*', '^n', '{"$gt":""}', '[a-z]+', 'a|b'])('reads %p as text and never as a pattern', (query) => {
    const plan = searchPlan(query, br)
    if (plan?.kind === 'words') for (const word of plan.words) expect(word).toMatch(/^[\p{L}\p{N}]+$/u)
    else expect(plan).toBeUndefined()
  })
})

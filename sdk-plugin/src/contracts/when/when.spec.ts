import { holdsWhen, parseWhen } from './index.ts'

const scope = {
  context: {
    region: 'br',
    count: 3,
    level: -1.5,
    plan: null,
    services: [{ technology: 'mobile' }, { technology: 'fibre' }],
    tags: [],
  },
  user: { roles: ['agent', 'lead'], regions: ['br'] },
}

describe('when', () => {
  it.each([
    [`context.region == 'br'`, true],
    [`context.region != 'br'`, false],
    [`context.region in ['mx', 'br']`, true],
    [`'fibre' in context.services.technology`, true],
    [`'satellite' in context.services.technology`, false],
    [`context.count >= 3 && context.count < 4`, true],
    [`context.count > '2'`, false],
    [`!(context.region == 'mx') && ('agent' in user.roles || false)`, true],
    [`context.region == 'mx' && true || 'br' in user.regions`, true],
    [`!context.plan && context.missing == null`, true],
    [`context.level > -2 && context.level == -1.5`, true],
    [`context.tags`, false],
    [`context.services`, true],
    [`context.constructor.name`, false],
    [`context.__proto__`, false],
    [`user.permissions`, false],
  ])('%s is %s', (text, expected) => expect(holdsWhen(text, scope)).toBe(expected))

  it.each([
    [`context.region == `, 'Expected expression after == at character 18'],
    [`context`, '"context" is not expected'],
    [`window.location`, '"window" is not expected'],
    [`alert(1)`, '"a call" is not expected'],
    [`context.a.toString().length`, '"a call" is not expected'],
    [`context['a']`, '"[" is not expected'],
    [`context?.a`, '"?." is not expected'],
    [`this.a`, '"this" is not expected'],
    [`context.a ? 1 : 2`, '"?" is not expected'],
    [`context.a === 1`, '"===" is not expected'],
    [`context.a + 1`, '"+" is not expected'],
    [`-context.a`, '"-" is not expected'],
    [`context.a = 1`, 'Unexpected "=" at character 10'],
    [`context.a; 1`, 'it is more than one expression'],
    [`'open`, 'Unclosed quote after "open" at character 5'],
    [`context.a == 'x' 'y'`, 'it is more than one expression'],
    [`[, 1]`, '"," is not expected'],
    [`${'!'.repeat(30)}context.a`, 'it is nested too deeply'],
    ['', 'it is empty'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseWhen(text)).toThrow(message)
    expect(holdsWhen(text, scope)).toBe(false)
  })
})

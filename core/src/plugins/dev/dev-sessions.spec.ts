import type { LifecycleParts } from '../lifecycle/parts.ts'
import { identityOf, recordingAudit } from '../testing/test-doubles.ts'
import { DevSessions } from './dev-sessions.ts'

const author = identityOf('author')
const seconds = 1000
const minutes = 60 * seconds

/** Nothing is started here: what a session does with a build is in dev.spec.ts. */
function open() {
  let now = 0
  const audit = recordingAudit()
  const sessions = new DevSessions({} as LifecycleParts, audit, () => now)
  const alive = (token: string) => {
    try {
      return sessions.byToken(token) !== undefined
    } catch {
      return false
    }
  }
  const pass = async (milliseconds: number) => {
    now += milliseconds
    await sessions.sweep()
  }
  return { sessions, audit, alive, pass }
}

describe('a development session', () => {
  it('lives while its command gives a sign, and ends 15 seconds after the last', async () => {
    const { sessions, audit, alive, pass } = open()
    const { session, token } = sessions.begin()
    if (!author) throw new Error('There is no author among the identities.')
    await sessions.claim(session.code, author, 'trace')
    await pass(14 * seconds)
    expect(alive(token)).toBe(true)
    await pass(14 * seconds)
    expect(alive(token)).toBe(true)
    await pass(16 * seconds)
    expect(alive(token)).toBe(false)
    expect(audit.records.at(-1)).toMatchObject({
      action: 'dev.override.end',
      details: { reason: 'the command is gone' },
    })
  })

  it('waits ten minutes for somebody to type its code, and leaves no record when nobody does', async () => {
    const { sessions, audit, alive, pass } = open()
    const { token } = sessions.begin()
    await pass(9 * minutes)
    expect(alive(token)).toBe(true)
    await pass(11 * minutes)
    expect(alive(token)).toBe(false)
    expect(audit.records).toEqual([])
  })

  it('is one of few, so that nobody fills the host with them', async () => {
    const { sessions } = open()
    const watch = sessions.watch()
    for (let begun = 0; begun < 20; begun += 1) sessions.begin()
    expect(() => sessions.begin()).toThrow('Too many')
    await watch.dispose()
    expect(() => sessions.begin()).not.toThrow()
  })
})

import type { LifecycleParts } from '../lifecycle/parts.ts'
import { identityOf, recordingAudit } from '../testing/test-doubles.ts'
import { DevSessions } from './dev-sessions.ts'

const author = identityOf('author')
const trace = { traceId: 'trace', address: '192.0.2.1' }
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
  it('lives while its command gives a sign, and ends a minute after the last', async () => {
    const { sessions, audit, alive, pass } = open()
    const { session, token } = sessions.begin('192.0.2.1')
    if (!author) throw new Error('There is no author among the identities.')
    await sessions.claim(session.code, author, trace)
    await pass(59 * seconds)
    expect(alive(token)).toBe(true)
    await pass(59 * seconds)
    expect(alive(token)).toBe(true)
    await pass(61 * seconds)
    expect(alive(token)).toBe(false)
    expect(audit.records[0]).toMatchObject({ action: 'dev.override.begin', ...trace })
    expect(audit.records.at(-1)).toMatchObject({
      action: 'dev.override.end',
      details: { reason: 'the command is gone' },
    })
  })

  it('waits ten minutes for somebody to type its code, and leaves no record when nobody does', async () => {
    const { sessions, audit, alive, pass } = open()
    const { token } = sessions.begin('192.0.2.1')
    await pass(9 * minutes)
    expect(alive(token)).toBe(true)
    await pass(11 * minutes)
    expect(alive(token)).toBe(false)
    expect(audit.records).toEqual([])
  })

  it('is one of few, so that nobody fills the host with them', async () => {
    const { sessions } = open()
    const watch = sessions.watch()
    for (let begun = 0; begun < 20; begun += 1) sessions.begin(`192.0.2.${begun}`)
    expect(() => sessions.begin('192.0.2.99')).toThrow('Too many')
    await watch.dispose()
    expect(() => sessions.begin('192.0.2.99')).not.toThrow()
  })

  it('is one of few of an address and of a person, while others begin theirs', async () => {
    const { sessions, pass } = open()
    if (!author) throw new Error('There is no author among the identities.')
    const fill = () => Array.from({ length: 5 }, () => sessions.begin('192.0.2.1'))
    for (const { session } of fill()) await sessions.claim(session.code, author, trace)
    const waiting = fill()
    expect(() => sessions.begin('192.0.2.1')).toThrow('Too many')
    expect(() => sessions.begin('192.0.2.2')).not.toThrow()
    await expect(sessions.claim(waiting[0]?.session.code ?? '', author, trace)).rejects.toMatchObject({ status: 429 })
    // A command that asks on and on keeps its place no longer than its code counts.
    await pass(6 * minutes)
    for (const { token } of waiting) sessions.byToken(token)
    await pass(5 * minutes)
    expect(() => sessions.begin('192.0.2.1')).not.toThrow()
  })
})

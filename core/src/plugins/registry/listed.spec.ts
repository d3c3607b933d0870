import type { SnapshotPackage, SnapshotVersion } from '@dcesop/sdk-plugin/signing'
import { barrierTo } from './listed.ts'

const sound: SnapshotVersion = { integrity: 'sha512-', state: 'listed', channel: 'stable', approvals: { br: 'a' } }
const siblings: SnapshotPackage = { versions: {}, channels: { next: '1.0.0', stable: '1.0.0' } }
const barrier = (release: Partial<SnapshotVersion>, channel = 'stable', regions = ['br']) =>
  barrierTo(
    { package: '@ana/dcesop-radio', version: '1.0.0', release: { ...sound, ...release }, siblings },
    { channels: [channel], regions },
  )

describe('what keeps a version from an instance', () => {
  it('is nothing where it is listed, approved and in its channel', () => {
    expect(barrier({})).toBeUndefined()
  })

  it.each<[string, Partial<SnapshotVersion>, object[]]>([
    [
      'yanked',
      { state: 'yanked', yank: { class: 'defect', reason: 'It fails.', deadline: null } },
      [{ kind: 'defect', why: 'It fails.' }],
    ],
    ['flagged', { flags: ['key-revoked'] }, [{ flags: ['key-revoked'] }]],
    ['unapproved', { approvals: {} }, [{ region: 'br' }, { region: 'mx' }]],
    ['channel', { channel: 'next', approvals: { br: 'a', mx: 'b' } }, [{ channel: 'next', wanted: 'stable' }]],
  ])('%s is told by the codes that the registry has for the same', (rule, release, each) => {
    const told = barrier(release, 'stable', ['br', 'mx'])
    expect(told?.rule).toBe(rule)
    expect(told?.conflict).toEqual(
      each.map((params) => ({
        ...{ rule: 'barred', code: `barred_${rule}`, text: told?.sentence },
        params: { plugin: 'radio', versions: ['1.0.0'], ...params },
      })),
    )
  })
})

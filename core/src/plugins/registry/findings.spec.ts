import type { Snapshot, SnapshotVersion } from '@dcesop/sdk-plugin/signing'
import { fixtureManifest } from '../testing/fixture-plugin.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'
import { findingAbout } from './findings.ts'
import { barrierTo, findListed } from './listed.ts'
import { integrityOf } from './verify-release.ts'

const digest = 'ab'.repeat(64)
const now = new Date('2026-03-01T12:00:00Z')
const [past, future] = ['2026-03-01T11:59:59Z', '2026-03-01T12:00:01Z']
const react = {
  security: 'act',
  legal: 'act',
  defect: 'tell',
  withdrawn: 'tell',
  flagged: 'act',
  unapproved: 'tell',
} as const
const settings = { react, regions: ['br', 'mx'], channel: 'stable' }
const approved = { br: '1', mx: '2' }
const yanked = (kind: 'security' | 'legal' | 'defect' | 'withdrawn', deadline: string | null) =>
  ({ state: 'yanked', yank: { class: kind, reason: 'why', deadline } }) as const

function snapshotOf(
  change: Partial<SnapshotVersion>,
  channels: Record<string, string> = { next: '1.0.0', stable: '1.0.0' },
) {
  const release = { integrity: integrityOf(digest), state: 'listed', channel: 'stable', approvals: approved, ...change }
  const packages = { '@acme/dcesop-demo': { versions: { '1.0.0': release }, channels } }
  return { number: 1, packages, publishers: {} } as unknown as Snapshot
}
const entry = (fromRegistry: boolean): CatalogueEntry => ({
  digest,
  listHash: '',
  manifest: fixtureManifest({}),
  source: fromRegistry ? 'registry' : 'upload',
  putAt: now,
  ...(fromRegistry ? { evidence: {} as ReleaseEvidence } : {}),
})

describe('what the registry has against a package', () => {
  it.each([
    ['nothing', {}, true, undefined],
    ['a security yank acts at once without a deadline', yanked('security', null), true, ['yanked', 'act', true]],
    ['a security yank waits for its deadline', yanked('security', future), true, ['yanked', 'act', false]],
    ['a security yank acts at its deadline', yanked('security', past), true, ['yanked', 'act', true]],
    ['a legal yank without a deadline is told', yanked('legal', null), true, ['yanked', 'tell', false]],
    ['a legal yank acts at its deadline', yanked('legal', past), true, ['yanked', 'act', true]],
    ['a defect is told, also after its deadline', yanked('defect', past), true, ['yanked', 'tell', false]],
    ['a withdrawn version is told', yanked('withdrawn', null), true, ['yanked', 'tell', false]],
    ['a flag acts', { flags: ['publisher-key-revoked'] }, true, ['flagged', 'act', true]],
    [
      'an approval that is gone is told where the operator says so',
      { approvals: { br: '1' } },
      true,
      ['unapproved', 'tell', false],
    ],
    ['a version that is gone is told', { integrity: integrityOf('cd'.repeat(64)) }, true, ['unlisted', 'tell', false]],
    ['an upload needs no approval', { approvals: {} }, false, undefined],
    ['an upload that the registry does not know is not its business', { integrity: 'sha512-x' }, false, undefined],
    ['an upload of yanked bytes is met', yanked('security', null), false, ['yanked', 'act', true]],
  ] as const)('%s', (_what, change, fromRegistry, expected) => {
    const finding = findingAbout(entry(fromRegistry), snapshotOf(change), settings, now)
    expect(finding && [finding.rule, finding.reaction, finding.due]).toEqual(expected)
  })
})

describe('a version may be installed', () => {
  const ruleOf = (snapshot: Snapshot, channel = 'stable') =>
    barrierTo(findListed(snapshot, 'demo', '1.0.0', undefined), { ...settings, channels: [channel] })?.rule

  it.each([
    ['when nothing speaks against it', snapshotOf({}), 'stable', undefined],
    [
      'not when it is yanked, for whatever reason and deadline',
      snapshotOf(yanked('withdrawn', future)),
      'stable',
      'yanked',
    ],
    ['not when it is flagged', snapshotOf({ flags: ['x'] }), 'stable', 'flagged'],
    ['not when one of the regions did not approve it', snapshotOf({ approvals: { br: '1' } }), 'stable', 'unapproved'],
    [
      'not from a less stable channel',
      snapshotOf({ channel: 'next' }, { next: '1.0.0', stable: '0.9.0' }),
      'stable',
      'channel',
    ],
    [
      'not from a less stable channel when the followed one is empty',
      snapshotOf({ channel: 'next' }, { next: '1.0.0' }),
      'stable',
      'channel',
    ],
    ['from the channel that is followed', snapshotOf({ channel: 'next' }, { next: '1.0.0' }), 'next', undefined],
    ['from a more stable channel', snapshotOf({}), 'next', undefined],
  ] as const)('%s', (_what, snapshot, channel, expected) => {
    expect(ruleOf(snapshot, channel)).toBe(expected)
  })

  it('only as the package that the id belongs to', () => {
    expect(findListed(snapshotOf({}), 'demo', '1.0.0', '@acme/dcesop-demo').package).toBe('@acme/dcesop-demo')
    expect(() => findListed(snapshotOf({}), 'demo', '1.0.0', '@other/dcesop-demo')).toThrow('@other/dcesop-demo')
    expect(() => findListed(snapshotOf({}), 'demo', '2.0.0', undefined)).toThrow('no 2.0.0')
    const twice = snapshotOf({})
    const packages = { ...twice.packages, '@eve/dcesop-demo': twice.packages['@acme/dcesop-demo'] }
    expect(() => findListed({ ...twice, packages } as Snapshot, 'demo', '1.0.0', undefined)).toThrow(
      'Several publishers',
    )
  })
})

import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { keyIdOf } from '../keys.ts'
import { openApproval, signApproval } from './approval.ts'
import {
  type KeyList,
  type KeyRole,
  keyRoles,
  type ListedKey,
  openKeyList,
  signKeyList,
  type TrustedKeys,
} from './key-list.ts'
import { checkPackageSignature, signPackage } from './package-signature.ts'
import { openLogHead, signLogHead } from './signed-head.ts'
import { openSnapshot, signSnapshot, type Snapshot } from './snapshot.ts'

const ed25519 = () => generateKeyPairSync('ed25519')
const root = ed25519()
const roots = new Map([[keyIdOf(root.publicKey), root.publicKey]])
const pairs = Object.fromEntries(
  keyRoles.map((role) => [role, role === 'package' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : ed25519()]),
) as Record<KeyRole, { publicKey: KeyObject; privateKey: KeyObject }>
const now = new Date('2026-06-01T12:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

function listOf(change: Partial<KeyList> = {}): KeyList {
  const keys = keyRoles.map((role) => ({
    keyid: keyIdOf(pairs[role].publicKey),
    role,
    spki: pairs[role].publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    from: '2026-01-01T00:00:00.000Z',
    until: null,
  }))
  return {
    version: 3,
    issuedAt: '2026-05-01T00:00:00.000Z',
    expires: '2027-01-01T00:00:00.000Z',
    keys,
    revoked: [],
    ...change,
  }
}
const trusted = (change: Partial<KeyList> = {}): TrustedKeys =>
  openKeyList(signKeyList(listOf(change), root.privateKey), roots, { now })
const revoking = (role: KeyRole) =>
  trusted({ revoked: [{ keyid: keyIdOf(pairs[role].publicKey), at: '2026-05-20T00:00:00.000Z', reason: 'stolen' }] })
const until = (role: KeyRole, time: string) =>
  trusted({ keys: listOf().keys.map((key) => (key.role === role ? { ...key, until: time } : key)) })

describe('the list of keys', () => {
  it('is believed from the pinned root alone, in its time, and never an older one again', () => {
    expect(trusted().list.version).toBe(3)
    const envelope = signKeyList(listOf(), root.privateKey)
    const open = (options: object) => () => openKeyList(envelope, roots, { now, ...options })
    expect(() => openKeyList(signKeyList(listOf(), ed25519().privateKey), roots, { now })).toThrow('pinned root')
    expect(open({ seen: 4 })).toThrow('version 3, but 4')
    expect(open({ now: new Date('2027-02-01') })).toThrow('was good until')
    expect(open({ now: new Date('2026-04-01') })).toThrow("this machine's clock says")
  })

  it('gives no key under an id that is not its own', () => {
    const [first, second] = listOf().keys
    const keys = [{ ...(first as ListedKey), spki: (second as ListedKey).spki }]
    expect([...trusted({ keys }).of('package', now).keys()]).toEqual([])
  })
})

const snapshot: Snapshot = {
  number: 7,
  issuedAt: now.toISOString(),
  expires: later(60).toISOString(),
  packages: {},
  publishers: {},
  advisories: '',
  logSize: 1,
  logRoot: '00',
}

describe('the snapshot', () => {
  const envelope = signSnapshot(snapshot, pairs.snapshot.privateKey)

  it('is believed while it is good, with a few minutes for clocks that differ', () => {
    expect(openSnapshot(envelope, trusted(), { now, seen: 7 })).toEqual(snapshot)
    expect(openSnapshot(envelope, trusted(), { now: later(64) }).number).toBe(7)
    expect(openSnapshot(envelope, trusted(), { now: later(-4) }).number).toBe(7)
  })

  it.each([
    ['expired', () => openSnapshot(envelope, trusted(), { now: later(66) })],
    ['from_the_future', () => openSnapshot(envelope, trusted(), { now: later(-6) })],
    ['rolled_back', () => openSnapshot(envelope, trusted(), { now, seen: 8 })],
    ['key_not_valid', () => openSnapshot(envelope, revoking('snapshot'), { now })],
    ['key_not_valid', () => openSnapshot(signSnapshot(snapshot, pairs.log.privateKey), trusted(), { now })],
    ['wrong_signature', () => openSnapshot(altered(envelope), trusted(), { now })],
    ['malformed', () => openSnapshot({ ...envelope, payload: 'AAAA' }, trusted(), { now })],
    ['malformed', () => openSnapshot({ ...envelope, payloadType: 'x' }, trusted(), { now })],
  ])('is refused as %s', (code, open) => {
    expect(codeOf(open)).toBe(code)
  })
})

function altered(envelope: ReturnType<typeof signSnapshot>) {
  const payload = Buffer.from(JSON.stringify({ ...snapshot, number: 9 })).toString('base64')
  return { ...envelope, payload }
}

function codeOf(open: () => unknown): unknown {
  try {
    return open()
  } catch (error) {
    return (error as { code?: string }).code
  }
}

describe('the signature of a version', () => {
  const subject = { name: '@acme/dcesop-a', version: '1.0.0', integrity: 'sha512-AAAA' }
  const signatures = [signPackage(subject, pairs.package.privateKey)]
  const published = new Date('2026-03-01T00:00:00Z')

  it('holds for these bytes under this name, and outlives the key’s time', () => {
    checkPackageSignature(subject, signatures, trusted(), published)
    checkPackageSignature(subject, signatures, until('package', '2026-04-01T00:00:00.000Z'), published)
  })

  it.each([
    [
      'wrong_signature',
      () => checkPackageSignature({ ...subject, integrity: 'sha512-BBBB' }, signatures, trusted(), published),
    ],
    [
      'wrong_signature',
      () => checkPackageSignature({ ...subject, version: '1.0.1' }, signatures, trusted(), published),
    ],
    ['wrong_signature', () => checkPackageSignature(subject, [], trusted(), published)],
    ['key_not_valid', () => checkPackageSignature(subject, signatures, revoking('package'), published)],
    [
      'key_not_valid',
      () => checkPackageSignature(subject, signatures, until('package', '2026-02-01T00:00:00.000Z'), published),
    ],
  ])('is refused as %s', (code, check) => {
    expect(codeOf(check)).toBe(code)
  })
})

describe('an approval', () => {
  const subject = { name: '@acme/dcesop-a@1.0.0', sha512: 'ab' }
  const approval = {
    region: 'br',
    policy: { approvals: 2, reasons: ['mandatory'] },
    checks: [],
    approvers: [
      { user: 'ana', at: now.toISOString() },
      { user: 'bia', at: now.toISOString() },
    ],
    decidedAt: now.toISOString(),
  }
  const signed = (change: object = {}) =>
    signApproval(subject, { ...approval, ...change }, pairs.attestation.privateKey)

  it('is of these bytes, for this region, by as many people as the policy wants', () => {
    expect(openApproval(signed(), trusted(), { ...subject, region: 'br' })).toEqual(approval)
  })

  it.each([
    ['other_subject', () => openApproval(signed(), trusted(), { ...subject, region: 'mx' })],
    ['other_subject', () => openApproval(signed(), trusted(), { ...subject, sha512: 'cd', region: 'br' })],
    [
      'other_subject',
      () =>
        openApproval(signed({ approvers: [approval.approvers[0], approval.approvers[0]] }), trusted(), {
          ...subject,
          region: 'br',
        }),
    ],
    ['key_not_valid', () => openApproval(signed(), revoking('attestation'), { ...subject, region: 'br' })],
  ])('is refused as %s', (code, open) => {
    expect(codeOf(open)).toBe(code)
  })
})

it('believes a head of the log from the log’s key alone', () => {
  const head = { size: 3, root: 'ab', at: now.toISOString() }
  expect(openLogHead(signLogHead(head, pairs.log.privateKey), trusted())).toEqual(head)
  expect(codeOf(() => openLogHead(signLogHead(head, pairs.snapshot.privateKey), trusted()))).toBe('key_not_valid')
})

import { papersOf } from './release-papers.ts'

const envelope = { payloadType: 'a', payload: 'e30=', signatures: [{ keyid: 'k', sig: 'e30=' }] }
const answer = {
  provenance: { publishedAt: '2026-11-29T00:00:00.000Z', signatures: [{ keyid: 'k', sig: 's' }] },
  approvals: [{ region: 'br', attestation: envelope }, { region: 'mx', attestation: null }],
} // oxfmt-ignore

describe('what a registry tells of a version', () => {
  it('is its signatures, and the approvals that were given', () => {
    expect(papersOf(answer)).toEqual({
      publishedAt: '2026-11-29T00:00:00.000Z',
      signatures: [{ keyid: 'k', sig: 's' }],
      approvals: { br: envelope },
    })
  })

  it.each([
    ['nothing', null],
    ['no provenance', { ...answer, provenance: undefined }],
    ['no time', { ...answer, provenance: { ...answer.provenance, publishedAt: 'soon' } }],
    ['signatures that are no list', { ...answer, provenance: { ...answer.provenance, signatures: 'k' } }],
    ['a signature without a key', { ...answer, provenance: { ...answer.provenance, signatures: [{ sig: 's' }] } }],
    ['approvals that are no list', { ...answer, approvals: { br: envelope } }],
    ['an approval of nothing', { ...answer, approvals: [null] }],
    ['an approval that is no envelope', { ...answer, approvals: [{ region: 'br', attestation: { payload: 1 } }] }],
  ])('is not %s', (_what, other) => {
    expect(papersOf(other)).toBeUndefined()
  })
})

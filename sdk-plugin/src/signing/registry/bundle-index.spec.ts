import { readIndex } from './bundle-index.ts'

const approval = { payloadType: 'x', payload: '', signatures: [{ keyid: 'a', sig: '' }] }
const one = {
  name: '@acme/dcesop-a',
  version: '1.0.0',
  integrity: 'sha512-AAAA',
  signatures: [{ keyid: 'a', sig: 'b' }],
  publishedAt: '2026-03-01T00:00:00.000Z',
  approvals: { br: approval },
}
const read = (index: unknown) => readIndex(Buffer.from(JSON.stringify(index)))

it('reads the index of a bundle', () => {
  expect(read({ format: 1, packages: [one] })).toEqual({ format: 1, packages: [one] })
})

it.each([
  null,
  {},
  { packages: [one] },
  { format: 2, packages: [one] },
  ...[{}, null, [null], [5], [{}], [one, one]].map((packages) => ({ format: 1, packages })),
  ...[
    ...Object.keys(one).map((member) => ({ [member]: undefined })),
    { integrity: 5 },
    { signatures: [null] },
    { signatures: [{ keyid: 'a', sig: 5 }] },
    { publishedAt: 'once' },
    { approvals: { br: null } },
    { approvals: { br: { payload: 5 } } },
  ].map((change) => ({ format: 1, packages: [{ ...one, ...change }] })),
])('refuses %j as malformed: a host would fail at it', (index) => {
  expect(() => read(index)).toThrow(expect.objectContaining({ code: 'malformed' }))
})

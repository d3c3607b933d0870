import { withEscapedScope } from './scoped-paths.ts'

it.each([
  ['/@a/b', '/@a%2fb'],
  ['/@a%2fb', '/@a%2fb'],
  ['/@a%2Fb/1.0.0', '/@a%2Fb/1.0.0'],
  ['/@a/b/-/b-1.0.0.tgz', '/@a%2fb/-/b-1.0.0.tgz'],
  ['/-/package/@a/b/dist-tags/next', '/-/package/@a%2fb/dist-tags/next'],
  ['/-/package/@a%2fb/dist-tags', '/-/package/@a%2fb/dist-tags'],
  ['/-/dcesop/v1/plugins/@a/dcesop-b/versions/1.0.0', '/-/dcesop/v1/plugins/@a%2fdcesop-b/versions/1.0.0'],
  ['/-/dcesop/v1/plugins/b/versions/1.0.0', '/-/dcesop/v1/plugins/b/versions/1.0.0'],
  ['/plain/1.0.0', '/plain/1.0.0'],
  ['/-/org/@a/user', '/-/org/@a/user'],
])('%s is taken as %s', (sent, taken) => {
  expect(withEscapedScope(sent)).toBe(taken)
})

import { reservedPaths } from '@dcesop/sdk-plugin/contracts'
import { builtInPages } from './built-in-pages.ts'

it('the shell’s own pages are where no page of a plugin may be', () => {
  for (const { path } of builtInPages) expect(reservedPaths).toContain(path.split('/')[1])
})

import postcss, { type Root } from 'postcss'
import { finding, type PackageFinding } from '../../findings/finding.ts'
import { packageLimits } from '../limits.ts'
import { kib } from '../ui-size.ts'
import { globalSelectors } from './selectors.ts'
import { sharedNames } from './shared-names.ts'

/** Of one stylesheet: who mends these sees the next ones. */
const mostTold = 20
const longestTold = 200

/** Holds the styles of the user interface to the plugin's own elements. */
export function styleFindings(files: ReadonlyMap<string, Buffer>, { id }: { readonly id: string }): PackageFinding[] {
  const sheets = [...files].filter(([path]) => /^dist\/ui\/.*\.css$/i.test(path))
  const bytes = sheets.reduce((sum, [, content]) => sum + content.length, 0)
  const most = packageLimits.styleBytes
  // To read more would hold up the host that installs it.
  if (bytes > most) return [finding('ui-size.styles', { size: kib(bytes), most: kib(most) })]
  return sheets.flatMap(([file, content]) => foundIn(file, content, id))
}

function foundIn(file: string, content: Buffer, id: string): PackageFinding[] {
  let selectors: string[]
  let names: string[]
  try {
    const sheet = read(content)
    selectors = globalSelectors(sheet, id)
    names = sharedNames(sheet, id)
  } catch (error) {
    // Whatever is wrong with it: where this reader loses its way, a browser may find a rule.
    return [finding('ui-global-selector.unreadable', { file, why: told((error as Error).message) })]
  }
  return [
    ...selectors
      .slice(0, mostTold)
      .map((selector) => finding('ui-global-selector', { file, selector: told(selector), id })),
    ...names.slice(0, mostTold).map((name) => finding('ui-global-selector.name', { file, name: told(name), id })),
  ]
}

/** @throws on bytes that are no UTF-8, which a browser might read in another encoding, and on braces that do not match */
function read(content: Buffer): Root {
  return postcss.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
}

function told(text: string): string {
  return text.length > longestTold ? `${text.slice(0, longestTold)}…` : text
}

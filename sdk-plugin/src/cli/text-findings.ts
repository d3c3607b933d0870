import { parse } from 'vue/compiler-sfc'
import { finding, type PackageFinding } from '../findings/finding.ts'

type Template = NonNullable<ReturnType<typeof parse>['descriptor']['template']>
type TemplateNode = NonNullable<Template['ast']>['children'][number]
type Element = Extract<TemplateNode, { tag: string }>

/** Attributes whose value people read or hear, of elements and of the SDK's components. */
const shown = new Set([
  'title',
  'subtitle',
  'label',
  'placeholder',
  'alt',
  'aria-label',
  'description',
  'caption',
  'hint',
])

/** Words that stand in a template as they are, so in one language only. What is marked `translate="no"` is meant so. */
export function literalFindings(file: string, source: string): PackageFinding[] {
  const { descriptor } = parse(source, { filename: file, sourceMap: false })
  return wordsIn(descriptor.template?.ast?.children ?? []).map(([words, line]) =>
    finding('ui-literal-text', { words: words.trim().replace(/\s+/g, ' ').slice(0, 60) }, `${file}:${line}`),
  )
}

function wordsIn(nodes: readonly TemplateNode[]): [string, number][] {
  return nodes.flatMap((node): [string, number][] => {
    // Text is what the compiler numbers 2.
    if (!('tag' in node)) return Number(node.type) === 2 ? worded('content' in node ? node.content : '', node) : []
    if (isMeantSo(node)) return []
    const attributes = node.props.flatMap((prop) =>
      'value' in prop && shown.has(prop.name) ? worded(prop.value?.content, prop) : [],
    )
    return [...attributes, ...wordsIn(node.children)]
  })
}

/** Two letters are a word; units, signs and single letters are not. */
function worded(text: unknown, { loc }: TemplateNode | Element['props'][number]): [string, number][] {
  if (typeof text !== 'string' || !/\p{L}{2}/u.test(text)) return []
  // The compiler condenses the space before the words.
  const before = /^\s*/.exec(loc.source)?.[0].split('\n').length ?? 1
  return [[text, loc.start.line + before - 1]]
}

function isMeantSo({ tag, props }: Element): boolean {
  const is = (name: string, value: string) =>
    props.some((prop) => prop.name === name && 'value' in prop && prop.value?.content === value)
  return tag === 'code' || tag === 'kbd' || is('translate', 'no')
}

/** Messages that are asked for by a fixed id and that the default catalogue does not have: people would read the id. */
export function messageFindings(
  file: string,
  source: string,
  texts: Readonly<Record<string, string>>,
): PackageFinding[] {
  const name = /\b(?:const|let)\s+(\w+)\s*=\s*useI18n\(/.exec(source)?.[1]
  if (name === undefined) return []
  const asked = source.matchAll(new RegExp(`\\b${name}\\.t\\(\\s*(['"])([^'"\\n]+)\\1\\s*[,)]`, 'g'))
  return [...asked].flatMap(({ 2: id = '', index }) => {
    if (Object.hasOwn(texts, id)) return []
    const line = source.slice(0, index).split('\n').length
    return [finding('i18n-unknown', { id }, `${file}:${line}`)]
  })
}

import { parse } from 'vue/compiler-sfc'
import type { FindingCode } from '../findings/finding-text.ts'
import { finding, type PackageFinding } from '../findings/finding.ts'

type Template = NonNullable<ReturnType<typeof parse>['descriptor']['template']>
type TemplateNode = NonNullable<Template['ast']>['children'][number]
type Element = Extract<TemplateNode, { tag: string }>

/** Native elements that the keyboard reaches by themselves, and those around them that take the click of a control inside. */
const reached = new Set(['a', 'button', 'input', 'select', 'textarea', 'label', 'summary', 'option', 'form', 'dialog'])
const fields = new Set(['input', 'select', 'textarea'])
/** Types of input that carry their name themselves, or have none. */
const unlabelled = new Set(['hidden', 'submit', 'reset', 'button', 'image'])
const naming = ['aria-label', 'aria-labelledby', 'title'] as const

/**
 * What a template leaves out that people need who cannot see it, or use no mouse. Only what is certain is told: what a component
 * draws, and what is bound as a whole object, is not known here; axe in a browser sees more.
 */
export function accessibilityFindings(file: string, source: string): PackageFinding[] {
  const { descriptor } = parse(source, { filename: file, sourceMap: false })
  return elementsIn(descriptor.template?.ast?.children ?? []).flatMap(([element, inLabel]) => [
    ...nameFindings(file, element),
    ...fieldFindings(file, element, inLabel),
    ...keyboardFindings(file, element),
  ])
}

function nameFindings(file: string, element: Element): PackageFinding[] {
  const { tag } = element
  const picture = tag === 'img' || (tag === 'input' && valueOf(element, 'type') === 'image')
  if (picture && !has(element, 'alt', ...naming) && valueOf(element, 'aria-hidden') !== 'true')
    return [found('ui-image-text', file, element)]
  const control = tag === 'button' || (tag === 'a' && has(element, 'href'))
  if (!control || has(element, ...naming) || element.children.some(tells) || directive(element, 'html', 'text'))
    return []
  return [found('ui-control-name', file, element)]
}

function fieldFindings(file: string, element: Element, inLabel: boolean): PackageFinding[] {
  if (!fields.has(element.tag) || inLabel || unlabelled.has(valueOf(element, 'type') ?? '')) return []
  // A label elsewhere may be for its id, which may be made at run time.
  if (has(element, 'id', ...naming)) return []
  return [found('ui-field-label', file, element)]
}

function keyboardFindings(file: string, element: Element): PackageFinding[] {
  const { tag } = element
  if (Number(valueOf(element, 'tabindex') ?? 0) > 0) return [found('ui-tab-order', file, element)]
  // What has a role may be moved through by the keyboard of the whole that it belongs to, or only double what a button does.
  if (!isNative(tag) || reached.has(tag) || has(element, 'role') || !handlesClick(element)) return []
  return [found('ui-click-only', file, element)]
}

/** Elements of a template, each with whether it stands inside a label. */
function elementsIn(nodes: readonly TemplateNode[], inLabel = false): [Element, boolean][] {
  return nodes.flatMap((node): [Element, boolean][] =>
    isElement(node) ? [[node, inLabel], ...elementsIn(node.children, inLabel || isLabel(node))] : [],
  )
}

/** A component may well draw one. */
function isLabel({ tag }: Element): boolean {
  return tag === 'label' || !isNative(tag)
}

/** Whether a screen reader would have something to say for it. */
function tells(node: TemplateNode): boolean {
  if (!isElement(node)) return 'content' in node && !isComment(node) && !isBlank(node.content)
  if (valueOf(node, 'aria-hidden') === 'true') return false
  if (!isNative(node.tag) || node.tag === 'slot' || has(node, 'alt', ...naming) || directive(node, 'html', 'text'))
    return true
  return node.children.some(tells)
}

function isElement(node: TemplateNode): node is Element {
  return 'tag' in node
}

/** As the compiler numbers them. */
function isComment({ type }: TemplateNode): boolean {
  return Number(type) === 3
}

function isBlank(content: unknown): boolean {
  return typeof content === 'string' && content.trim() === ''
}

function isNative(tag: string): boolean {
  return /^[a-z][a-z0-9]*$/.test(tag) && tag !== 'template'
}

/** Whether one of the attributes is there, fixed or bound; an object that is bound as a whole may hold any. */
function has({ props }: Element, ...names: readonly string[]): boolean {
  return props.some((prop) => {
    if (!('arg' in prop)) return names.includes(prop.name)
    if (prop.name !== 'bind') return false
    return prop.arg === undefined || ('content' in prop.arg && names.includes(String(prop.arg.content)))
  })
}

function valueOf({ props }: Element, name: string): string | undefined {
  const found = props.find((prop) => prop.name === name && 'value' in prop)
  return found && 'value' in found ? found.value?.content : undefined
}

function handlesClick({ props }: Element): boolean {
  return props.some(
    (prop) => 'arg' in prop && prop.name === 'on' && prop.arg && 'content' in prop.arg && prop.arg.content === 'click',
  )
}

function directive({ props }: Element, ...names: readonly string[]): boolean {
  return props.some((prop) => 'arg' in prop && names.includes(prop.name))
}

function found(code: FindingCode, file: string, { tag, loc }: Element): PackageFinding {
  return finding(code, { tag }, `${file}:${loc.start.line}`)
}

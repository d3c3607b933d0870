import type { AtRule, ChildNode, Declaration, Root, Rule } from 'postcss'
import parseSelector, { type Selector } from 'postcss-selector-parser'

/**
 * Selectors of a stylesheet that are bound neither to a component's scope nor to the plugin's own elements.
 * @param id of the plugin
 */
export function globalSelectors(sheet: Root, id: string): string[] {
  return [...new Set(looseIn(sheet, id, false))]
}

/** @param isBound whether a rule around it is bound */
function looseIn(around: Root | Rule | AtRule, id: string, isBound: boolean): string[] {
  return (around.nodes ?? []).flatMap((node: ChildNode) => {
    if (node.type === 'atrule') return isKeyframes(node) ? [] : looseIn(node, id, isBound)
    if (node.type === 'decl') return !isBound && hidesRules(node) ? [node.toString()] : []
    if (node.type !== 'rule') return []
    const loose = node.selectors.filter((selector) => !isScoped(selector, id, isBound))
    return [...loose, ...looseIn(node, id, loose.length === 0)]
  })
}

/** By an attribute or a class of an element that it must match, or one around that: what stands in `:not()` or `:has()` binds nothing. */
function isScoped(selector: string, id: string, isNested: boolean): boolean {
  return parseSelector()
    .astSync(selector)
    .nodes.every((one) => one.nodes.some((node) => isOwn(node, id)) || (isNested && isBelow(one)))
}

function isOwn(node: Selector['nodes'][number], id: string): boolean {
  if (node.type === 'class') return node.value === `p-${id}`
  if (node.type !== 'attribute') return false
  const isPlugin = node.attribute === 'data-plugin' && node.operator === '=' && node.value === id
  return isPlugin || node.attribute.startsWith('data-v-')
}

/** A nested selector that says nowhere what `&` is to it is about descendants. */
function isBelow(selector: Selector): boolean {
  let names = false
  selector.walkNesting(() => void (names = true))
  return !names || selector.nodes.some(({ type }) => type === 'nesting')
}

function isKeyframes({ name }: AtRule): boolean {
  return /^(-[a-z]+-)?keyframes$/i.test(name)
}

/** Outside of rules there are no declarations: a browser skips `--x:{}`, and takes what follows for a rule. */
function hidesRules({ prop, value }: Declaration): boolean {
  return prop.startsWith('--') && value.includes('{')
}

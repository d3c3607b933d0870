import postcss, { type Rule } from 'postcss'
import parseSelector from 'postcss-selector-parser'

/**
 * Selectors of a stylesheet that are bound neither to a component's scope nor to the plugin's own elements.
 * @param id of the plugin
 */
export function globalSelectors(css: string, id: string): string[] {
  const found: string[] = []
  postcss.parse(css).walkRules((rule) => {
    if (insideKeyframes(rule) || insideScopedRule(rule, id)) return
    found.push(...rule.selectors.filter((selector) => !isScoped(selector, id)))
  })
  return [...new Set(found)]
}

/** By an attribute of an element that it must match: what stands in `:not()` or `:has()` binds nothing. */
function isScoped(selector: string, id: string): boolean {
  return parseSelector()
    .astSync(selector)
    .nodes.every(({ nodes }) =>
      nodes.some(
        (node) =>
          node.type === 'attribute' &&
          (node.attribute.startsWith('data-v-') ||
            (node.attribute === 'data-plugin' && node.operator === '=' && node.value === id)),
      ),
    )
}

function insideKeyframes(rule: Rule): boolean {
  return rule.parent?.type === 'atrule' && 'name' in rule.parent && String(rule.parent.name).endsWith('keyframes')
}

/** A nested rule is bound by the rule around it. */
function insideScopedRule(rule: Rule, id: string): boolean {
  const parent = rule.parent
  if (parent?.type === 'atrule') return insideScopedRule(parent as unknown as Rule, id)
  return (
    parent?.type === 'rule' &&
    (insideScopedRule(parent as Rule, id) || (parent as Rule).selectors.every((selector) => isScoped(selector, id)))
  )
}

import postcss, { type Rule } from 'postcss'

/** Selectors of a stylesheet that are bound neither to a component's scope nor to the plugin's own elements. */
export function globalSelectors(css: string): string[] {
  const found: string[] = []
  postcss.parse(css).walkRules((rule) => {
    if (insideKeyframes(rule) || insideScopedRule(rule)) return
    found.push(...rule.selectors.filter((selector) => !isScoped(selector)))
  })
  return [...new Set(found)]
}

function isScoped(selector: string): boolean {
  return selector.includes('[data-v-') || selector.includes('[data-plugin')
}

function insideKeyframes(rule: Rule): boolean {
  return rule.parent?.type === 'atrule' && 'name' in rule.parent && String(rule.parent.name).endsWith('keyframes')
}

/** A nested rule is bound by the rule around it. */
function insideScopedRule(rule: Rule): boolean {
  const parent = rule.parent
  return parent?.type === 'rule' && (insideScopedRule(parent as Rule) || (parent as Rule).selectors.every(isScoped))
}

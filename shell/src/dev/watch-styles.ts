import { globalRuntimeSelectors } from './runtime-styles.ts'

const everyMs = 1000

/** What an author is told of styles that scripts put in. */
export type StyleProblem =
  | { readonly kind: 'global'; readonly selectors: readonly string[] }
  /** The page's content security policy lets in no text of styles. */
  | { readonly kind: 'blocked' }

/**
 * Looks while builds in development are shown; each selector, and that something is blocked, is told once. What was there before is
 * nobody's doing. @returns what ends it
 */
export function watchStyles(
  document: Document,
  plugins: () => readonly string[],
  tell: (problem: StyleProblem) => void,
): () => void {
  const known = new Set(globalRuntimeSelectors(document, plugins()))
  let blocked = false
  const look = (): void => {
    const selectors = globalRuntimeSelectors(document, plugins()).filter((selector) => !known.has(selector))
    for (const selector of selectors) known.add(selector)
    if (selectors.length > 0) tell({ kind: 'global', selectors })
  }
  const refused = ({ effectiveDirective }: SecurityPolicyViolationEvent): void => {
    if (blocked || !effectiveDirective.startsWith('style-src')) return
    blocked = true
    tell({ kind: 'blocked' })
  }
  const timer = setInterval(look, everyMs)
  document.addEventListener('securitypolicyviolation', refused)
  return () => {
    clearInterval(timer)
    document.removeEventListener('securitypolicyviolation', refused)
  }
}

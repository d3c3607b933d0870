import type { Page } from '@playwright/test'
import axe, { type AxeResults, type RunOptions } from 'axe-core'

const everything = {
  type: 'tag' as const,
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
const colours = { type: 'rule' as const, values: ['color-contrast', 'link-in-text-block'] }

/** What axe says when text lies under a scrolled or clipped edge; every pair of colours is computed in the tokens' own spec. */
const obscured = new Set(['bgOverlap', 'elmPartiallyObscured', 'elmPartiallyObscuring'])

/**
 * Violations of WCAG 2.2 AA on the page as it stands, and contrast that axe could not decide for want of a colour.
 * @param what `colours` when the same page was looked at in another theme: nothing else can differ
 */
export async function accessibilityProblems(page: Page, what: 'all' | 'colours' = 'all'): Promise<string[]> {
  await settled(page)
  const { violations, incomplete } = await run(page, {
    runOnly: what === 'all' ? everything : colours,
    resultTypes: ['violations', 'incomplete'],
  })
  const undecided = incomplete
    .filter((rule) => rule.id === 'color-contrast')
    .map((rule) => ({ ...rule, nodes: rule.nodes.filter((node) => !node.any.some(isObscured)) }))
  return [...violations, ...undecided].flatMap((rule) =>
    rule.nodes.map(
      (node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`,
    ),
  )
}

/** Not by `AxeBuilder`: that brings all of axe into the page again for each look. */
async function run(page: Page, options: RunOptions): Promise<Pick<AxeResults, 'violations' | 'incomplete'>> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  return page.evaluate(async (given) => {
    const { violations, incomplete } = await (window as unknown as { axe: typeof axe }).axe.run(document, given)
    return { violations, incomplete }
  }, options)
}

/** Colours on their way from one theme to the next are neither's. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    // One that goes by how far something is scrolled comes to no end.
    const running = document
      .getAnimations()
      .filter(
        ({ effect, timeline }) => timeline === document.timeline && effect?.getComputedTiming().iterations !== Infinity,
      )
    await Promise.allSettled(running.map(({ finished }) => finished))
  })
}

function isObscured(check: { data?: unknown }): boolean {
  const key = (check.data as { messageKey?: string } | null)?.messageKey
  return key !== undefined && obscured.has(key)
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { contrastRatio, readColours } from './contrast.ts'

const tokens = join(import.meta.dirname, 'tokens')
const themes = ['light', 'dark', 'contrast'] as const
const surfaces = ['canvas', 'surface', 'sunken', 'raised', 'hover', 'selected']
const tones = ['ok', 'warn', 'danger', 'info', 'neutral']

/** Text on what it stands on: 4.5:1 (WCAG 1.4.3), 7:1 in the high contrast theme (1.4.6). */
const textPairs = [
  ...surfaces.flatMap((surface) => [
    ['text', surface],
    ['text-muted', surface],
    ['link', surface],
  ]),
  ...tones.flatMap((tone) => [
    [`${tone}-text`, `${tone}-bg`],
    [`${tone}-text`, 'surface'],
    [`${tone}-text`, 'canvas'],
    [`${tone}-text`, 'raised'],
    ['text', `${tone}-bg`],
    ['text-muted', `${tone}-bg`],
  ]),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger-solid'],
] as [string, string][]

/** Edges of controls, focus and graphics: 3:1 (WCAG 1.4.11). */
const graphicPairs = [
  ...['surface', 'canvas', 'raised', 'sunken'].flatMap((surface) => [
    ['border-strong', surface],
    ['focus', surface],
  ]),
  ...tones.map((tone) => [`${tone}-mark`, 'surface']),
  ['accent', 'surface'],
  ['series', 'surface'],
  ['series-second', 'surface'],
] as [string, string][]

function colours(theme: string): (name: string) => string {
  const found = readColours(readFileSync(join(tokens, `${theme}.css`), 'utf8'))
  return (name) => {
    const value = found.get(name)
    if (value === undefined) throw new Error(`${theme}.css does not set --dc-color-${name}`)
    return value
  }
}

describe.each(themes)('theme %s', (theme) => {
  const colour = colours(theme)
  const textMinimum = theme === 'contrast' ? 7 : 4.5

  test.each(textPairs)('text %s on %s is readable', (front, back) => {
    expect(contrastRatio(colour(front), colour(back))).toBeGreaterThanOrEqual(textMinimum)
  })

  test.each(graphicPairs)('%s stands out from %s', (front, back) => {
    expect(contrastRatio(colour(front), colour(back))).toBeGreaterThanOrEqual(3)
  })

  test('sets every colour that the light theme sets', () => {
    const names = (file: string): string[] => [...readColours(readFileSync(join(tokens, file), 'utf8')).keys()].sort()
    expect(names(`${theme}.css`)).toEqual(names('light.css'))
  })
})

test('contrast of black on white is 21, of a colour with itself 1', () => {
  expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrastRatio('#1f54c4', '#1f54c4')).toBe(1)
})

test('components take colours from tokens only', () => {
  const components = join(import.meta.dirname, 'components')
  for (const file of readdirSync(components)) {
    expect(readFileSync(join(components, file), 'utf8').replace(/var\([^)]*\)/g, '')).not.toMatch(
      /#[0-9a-f]{3,8}\b|rgb\(/,
    )
  }
})

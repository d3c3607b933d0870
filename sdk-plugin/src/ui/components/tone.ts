import type { IconName } from '../icons/icons.ts'

/** What a state means. Colour never says it alone: each tone has an icon, and the caller gives the word. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'neutral'

export const toneIcons: Readonly<Record<Tone, IconName>> = {
  ok: 'circle-check',
  warn: 'triangle-alert',
  danger: 'octagon-alert',
  info: 'info',
  neutral: 'circle-dashed',
}

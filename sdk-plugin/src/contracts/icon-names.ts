/** Names of the icons of `@dcesop/sdk-plugin/ui`. */
export const iconNames = [
  'activity', 'antenna', 'arrow-down', 'arrow-left', 'arrow-right', 'arrow-up', 'arrow-up-down', 'ban', 'bell', 'building', 'cable',
  'calendar', 'check', 'chevron-down', 'chevron-left', 'chevron-right', 'chevron-up', 'chevrons-up-down', 'circle-alert',
  'circle-check', 'circle-dashed', 'circle-minus', 'circle-pause', 'circle-play', 'circle-question', 'circle-slash', 'circle-x',
  'clipboard-list', 'clock', 'cloud-off', 'command', 'contrast', 'copy', 'credit-card', 'database', 'download', 'ellipsis',
  'external-link', 'eye', 'eye-off', 'file', 'filter', 'gauge', 'grip-vertical', 'hash', 'history', 'house', 'id-card', 'inbox',
  'info', 'keyboard', 'languages', 'dashboard', 'grid', 'link', 'list', 'loader', 'lock', 'log-out', 'mail', 'map-pin', 'maximize',
  'menu', 'message', 'minus', 'monitor', 'moon', 'network', 'octagon-alert', 'package', 'pencil', 'phone', 'plug', 'plus',
  'radio-tower', 'refresh', 'router', 'save', 'search', 'server', 'settings', 'shield-alert', 'shield-check', 'skip-forward',
  'sliders', 'smartphone', 'sparkles', 'stethoscope', 'store', 'sun', 'table', 'tag', 'ticket', 'timer', 'trending-down',
  'trending-up', 'triangle-alert', 'trash', 'undo', 'upload', 'user', 'users', 'wallet', 'wifi', 'wifi-off', 'wrench', 'x', 'zap',
] as const // oxfmt-ignore

export type IconName = (typeof iconNames)[number]

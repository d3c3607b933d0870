/** First parts of addresses that are the shell's own pages, or that the host answers itself; no page of a plugin is reached there. */
export const reservedPaths = [
  '',
  'admin',
  'api',
  'assets',
  'dev',
  'docs',
  'gallery',
  'healthz',
  'metrics',
  'oauth',
  'readyz',
  'socket.io',
  'tmf-api',
  'ui',
] as const

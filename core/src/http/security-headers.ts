import { cspReportPath } from './csp-reports.ts'

/** Origins that the shell's page may reach besides its own. */
export interface PageSources {
  readonly connect: readonly string[]
  readonly img: readonly string[]
  readonly font: readonly string[]
}

const noSources: PageSources = { connect: [], img: [], font: [] }

/** No origin is ever added for code, styles or frames. */
export function contentSecurityPolicy({ connect, img, font }: PageSources = noSources): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self' data:", ...img].join(' '),
    ["font-src 'self'", ...font].join(' '),
    ["connect-src 'self'", ...connect].join(' '),
    "manifest-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    // The shell's default policy lets a script's address pass when its integrity is known, and no text into HTML or code.
    "require-trusted-types-for 'script'",
    'trusted-types vue default',
    // The second is for browsers that do not know the first.
    'report-to csp',
    `report-uri ${cspReportPath}`,
  ].join('; ')
}

const always: readonly (readonly [string, string])[] = [
  ['content-security-policy', contentSecurityPolicy()],
  ['reporting-endpoints', `csp="${cspReportPath}"`],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
]

/** The headers of every answer. */
export function securityHeaders(https: boolean): readonly (readonly [string, string])[] {
  return https ? [...always, ['strict-transport-security', 'max-age=63072000; includeSubDomains']] : always
}

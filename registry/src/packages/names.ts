import { Problem } from '@dcesop/sdk-plugin'
import validate from 'validate-npm-package-name'

export interface PackageName {
  /** `@scope/base` or `base`. */
  readonly full: string
  readonly scope: string | null
  readonly base: string
}

const scopePattern = /^[a-z0-9-][a-z0-9._-]{0,62}$/

/**
 * A name as npm accepts it, also the old ones with capitals that are on the public registry.
 * @throws Problem 400 `invalid_package_name`
 */
export function parseName(text: string): PackageName {
  const [, scope = null, base = ''] = /^(?:@([^/]+)\/)?([^/]+)$/.exec(text) ?? []
  // npm's own clients no longer make names with a hyphen in front, but the public registry has some.
  const valid = text.isWellFormed() && validate(text.replace(/^-(?=.)/, '')).validForOldPackages
  const sound = valid && text.length <= 214 && !/^\.|^-$/.test(base) && !/[~'!()*]/.test(text)
  if (!sound || isPrototypeName(base) || (scope !== null && (!scopePattern.test(scope) || isPrototypeName(scope))))
    throw new Problem(400, 'invalid_package_name', `${JSON.stringify(text.slice(0, 214))} is not a package name.`)
  return { full: text, scope, base }
}

/** Names that every JavaScript object answers to: somebody's lookup would find a function. */
export function isPrototypeName(name: string): boolean {
  return name in Object.prototype || name === 'prototype'
}

/** `<base>-<version>.tgz`. */
export function tarballName({ base }: PackageName, version: string): string {
  return `${base}-${version}.tgz`
}

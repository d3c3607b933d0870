import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { isPrototypeName } from './names.ts'

/** A tag that no version range could be taken for. @throws Problem 400 `invalid_tag` */
export function checkTag(tag: string): string {
  const sound =
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(tag) && semver.validRange(tag) === null && !isPrototypeName(tag)
  if (!sound) throw new Problem(400, 'invalid_tag', `${JSON.stringify(tag.slice(0, 64))} cannot be a tag.`)
  return tag
}

/** Each is in every document of the package that an installer reads. */
const mostTags = 100

/** @throws Problem 400 for more tags than a package may have */
export function checkTagCount(tags: readonly unknown[]): void {
  if (tags.length <= mostTags) return
  throw new Problem(400, 'invalid_tag', `A package has at most ${mostTags} tags; remove some: npm dist-tag rm.`)
}

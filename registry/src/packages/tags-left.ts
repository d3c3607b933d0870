import semver from 'semver'

/** Where tags point once only these versions are left: none at another, and `latest` at the newest if it would be gone. */
export function tagsLeft(tags: ReadonlyMap<string, string>, versions: readonly string[]): Map<string, string> {
  const kept = new Map([...tags].filter(([, version]) => versions.includes(version)))
  const newest = newestOf(versions)
  if (newest !== undefined && !kept.has('latest')) kept.set('latest', newest)
  return kept
}

/** The highest release, or else the highest prerelease. */
function newestOf(versions: readonly string[]): string | undefined {
  const sorted = versions.toSorted(semver.rcompare)
  return sorted.find((version) => semver.prerelease(version) === null) ?? sorted[0]
}

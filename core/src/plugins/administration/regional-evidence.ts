/** What an approval, or a row about one, says of where it counts. */
interface Regional {
  readonly region?: unknown
}

/** What a package was believed by, with the approvals of some regions only: who decides elsewhere is no business of theirs. */
export function evidenceFor<Evidence extends object>(
  evidence: Evidence | undefined,
  regions: readonly string[],
): Evidence | null {
  if (!evidence) return null
  const { approvals } = evidence as { approvals?: readonly Regional[] }
  return approvals === undefined ? evidence : { ...evidence, approvals: ofRegions(approvals, regions) }
}

/** Those of the regions. */
export function ofRegions<Row extends Regional>(rows: readonly Row[], regions: readonly string[]): Row[] {
  return rows.filter(({ region }) => typeof region === 'string' && regions.includes(region))
}

/** The codes that MongoDB answers a malformed set of named arguments with; 9 where an operator has none of its own. */
export interface ArgumentCodes {
  /** The operand is no object. */
  object?: number
  /** An argument is not known. */
  unknown?: number
  /** A required argument is missing: one code, or one for each. */
  missing?: number | Record<string, number>
}

/** Of arguments that the server reads by its interface definitions. */
const DEFINED: ArgumentCodes = { object: 14, unknown: 40415, missing: 40414 }

const someN: ArgumentCodes = { object: 5787801, unknown: 5787901, missing: { n: 5787906, input: 5787907 } }
const extremeN: ArgumentCodes = { ...someN, object: 5787900 }
const topN: ArgumentCodes = {
  object: 5788001,
  unknown: 5788002,
  missing: { n: 5788003, output: 5788004, sortBy: 5788005 },
}
const trim: ArgumentCodes = { object: 50696, unknown: 50694, missing: 50695 }
const regex: ArgumentCodes = { object: 51103, unknown: 31024, missing: { input: 31022, regex: 31023 } }
const replace: ArgumentCodes = {
  object: 51751,
  unknown: 51750,
  missing: { input: 51749, find: 51748, replacement: 51747 },
}
const dateShift: ArgumentCodes = { object: 5166400, unknown: 5166401, missing: 5166402 }
const field: ArgumentCodes = {
  object: 4161100,
  unknown: 4161101,
  missing: { field: 4161102, value: 4161103, input: 4161109 },
}
const datePart: ArgumentCodes = { unknown: 40535, missing: 40539 }

export const argumentCodes: Readonly<Record<string, ArgumentCodes>> = {
  $cond: { unknown: 17083, missing: { if: 17080, then: 17081, else: 17082 } },
  $switch: { object: 40060, unknown: 40067, missing: 40068 },
  '$switch branch': { object: 40062, unknown: 40063, missing: { case: 40064, then: 40065 } },
  $let: { object: 16874, unknown: 16875, missing: { vars: 16876, in: 16877 } },
  $map: { object: 16878, unknown: 16879, missing: { input: 16880, in: 16882 } },
  $filter: { object: 28646, unknown: 28647, missing: { input: 28648, cond: 28650 } },
  $reduce: { object: 40075, unknown: 40076, missing: { input: 40077, initialValue: 40078, in: 40079 } },
  $zip: { object: 34460, unknown: 34464, missing: 34465 },
  $sortArray: { object: 2942500, unknown: 2942501, missing: { input: 2942502, sortBy: 2942503 } },
  $firstN: someN,
  $lastN: someN,
  $minN: extremeN,
  $maxN: extremeN,
  $top: topN,
  $topN: topN,
  $bottom: topN,
  $bottomN: topN,
  $median: { ...DEFINED, object: 7436100 },
  $percentile: { ...DEFINED, object: 7429703 },
  $trim: trim,
  $ltrim: trim,
  $rtrim: trim,
  $regexFind: regex,
  $regexFindAll: regex,
  $regexMatch: regex,
  $replaceOne: replace,
  $replaceAll: replace,
  $getField: { unknown: 3041701, missing: { field: 3041702, input: 3041703 } },
  $setField: field,
  $unsetField: field,
  $dateToString: { object: 18629, unknown: 18534, missing: 18628 },
  $dateFromString: { object: 40540, unknown: 40541, missing: 40542 },
  $dateFromParts: { object: 40519, unknown: 40518 },
  $dateToParts: { object: 40524, unknown: 40520, missing: 40522 },
  $dateAdd: dateShift,
  $dateSubtract: dateShift,
  $dateDiff: {
    object: 5166301,
    unknown: 5166302,
    missing: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
  },
  $dateTrunc: { object: 5439007, unknown: 5439008, missing: { date: 5439009, unit: 5439010 } },
  ...Object.fromEntries(
    ['$year', '$month', '$week', '$dayOfYear', '$dayOfMonth', '$dayOfWeek', '$hour', '$minute', '$second']
      .concat(['$millisecond', '$isoWeek', '$isoWeekYear', '$isoDayOfWeek'])
      .map((name) => [name, datePart]),
  ),
  $replaceRoot: { object: 40229, unknown: 40230, missing: 40231 },
  $bucket: { object: 40201, unknown: 40197, missing: 40198 },
  $bucketAuto: { object: 40240, unknown: 40245, missing: 40246 },
  $densify: { ...DEFINED, object: 9 },
  '$densify.range': DEFINED,
  $fill: { ...DEFINED, object: 9 },
  '$fill output': { ...DEFINED, object: 6050200 },
  $setWindowFields: { ...DEFINED, object: 9 },
}

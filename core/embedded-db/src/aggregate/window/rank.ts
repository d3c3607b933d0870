import { count } from '../../values/number.ts'
import type { WindowFunction } from './partition.ts'

export const documentNumber: WindowFunction = ({ documents }) => documents.map((_, i) => count(i + 1))

/** Equal sort keys share a rank; the next one continues at its position. */
export const rank: WindowFunction = ({ documents, sameKey }) => {
  let current = 0
  return documents.map((_, i) => {
    if (i === 0 || !sameKey(i, i - 1)) current = i + 1
    return count(current)
  })
}

/** As rank, without gaps. */
export const denseRank: WindowFunction = ({ documents, sameKey }) => {
  let current = 0
  return documents.map((_, i) => {
    if (i === 0 || !sameKey(i, i - 1)) current++
    return count(current)
  })
}

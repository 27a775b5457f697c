/**
 * The known name closest to a wrong one, when it is close enough to be meant; by edit distance (swaps count once),
 * ignoring case: a third of its letters may differ, or as many as `within` says. For messages that say "did you mean".
 *
 * @example
 * ```ts
 * import { nearest } from '@ez/core'
 *
 * nearest('tokne', ['token', 'host']) // 'token'
 * ```
 */
export function nearest(
  wrong: string,
  known: Iterable<string>,
  within: number = Math.max(1, Math.floor(wrong.length / 3)),
): string | undefined {
  const target = wrong.toLowerCase()
  let best: string | undefined
  let bestDistance = within + 1
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) >= bestDistance || name.length > 100) continue
    const distance = editDistance(target, name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

// Insert, delete, replace or swap two neighbours.
function editDistance(left: string, right: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      let distance = Math.min(
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (previous[column - 1] as number) + (same ? 0 : 1),
      )
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (swapped) distance = Math.min(distance, (beforePrevious[column - 2] as number) + 1)
      current[column] = distance
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.length] as number
}

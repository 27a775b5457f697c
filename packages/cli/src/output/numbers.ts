/** Whole numbers in order, runs joined: `1–3, 7`. */
export function listNumbers(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let start = 0; start < numbers.length; ) {
    let end = start
    while (numbers[end + 1] === (numbers[end] as number) + 1) end += 1
    parts.push(end === start ? String(numbers[start]) : `${numbers[start]}–${numbers[end]}`)
    start = end + 1
  }
  return parts.join(', ')
}

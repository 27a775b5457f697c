import type { BenchRow } from './harness.ts'

/** A comparison as an aligned table. */
export function table(
  title: string,
  rows: readonly BenchRow[],
  unit: 'nanoseconds' | 'bytes' = 'nanoseconds',
): string {
  const shown = unit === 'bytes' ? bytes : duration
  const header = ['', 'median', 'spread', 'ratio', 'goal', '']
  const lines = rows.map((row) => [
    row.name,
    shown(row.median),
    `±${Math.round((row.spread / 2) * 100)}%`,
    `${row.floor ? `floor ×${(1 / row.ratio).toFixed(2)}` : `${row.ratio.toFixed(2)}×`}`,
    row.goal !== undefined
      ? `${row.floor ? '≤' : '≥'} ${row.goal}`
      : row.most !== undefined
        ? `≤ ${shown(row.most)}`
        : '',
    row.reached === undefined ? '' : row.reached ? 'reached' : 'MISSED',
  ])
  const all = [header, ...lines]
  const widths = header.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  const text = all.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return [title, ...text, ''].join('\n')
}

function duration(nanoseconds: number): string {
  if (nanoseconds < 1e3) return `${nanoseconds.toFixed(0)} ns`
  if (nanoseconds < 1e6) return `${(nanoseconds / 1e3).toFixed(2)} µs`
  return `${(nanoseconds / 1e6).toFixed(2)} ms`
}

function bytes(count: number): string {
  return count < 2 ** 20 ? `${(count / 1024).toFixed(1)} KiB` : `${(count / 2 ** 20).toFixed(0)} MiB`
}

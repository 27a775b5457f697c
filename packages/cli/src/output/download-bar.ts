import { colors } from './colors.ts'
import { widthOf } from './wrap.ts'

/** Told how many bytes of a body have come. */
export interface DownloadBar {
  at(bytes: number): void
  end(): void
}

const silent: DownloadBar = { at: () => {}, end: () => {} }
const shownAfterMs = 500
const everyMs = 100

/** A bar on a terminal for a body that takes longer than half a second; without a known length a count of bytes. */
export function downloadBar(isWanted: boolean, total: number | undefined): DownloadBar {
  const { stderr } = process
  if (!isWanted || !stderr.isTTY || process.env.TERM === 'dumb') return silent
  const { cyan, dim } = colors(stderr)
  const began = performance.now()
  let last = 0
  const draw = (bytes: number): void => {
    const count = total === undefined ? sizeOf(bytes) : `${sizeOf(bytes)} of ${sizeOf(total)}`
    const width = Math.max(0, Math.min(40, widthOf(stderr) - count.length - 2))
    const filled = total ? Math.min(width, Math.floor((bytes / total) * width)) : 0
    const bar = total ? `${cyan('━'.repeat(filled))}${dim('━'.repeat(width - filled))} ` : ''
    stderr.write(`\r\u001b[2K${bar}${count}`)
  }
  return {
    at: (bytes) => {
      const now = performance.now()
      if (now - began < shownAfterMs || now - last < everyMs) return
      last = now
      draw(bytes)
    },
    end: () => {
      if (last > 0) stderr.write('\r\u001b[2K')
    },
  }
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes as people read them, in powers of a thousand. */
function sizeOf(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}

import { colors } from './colors.ts'

/** Progress of a run, on a terminal; in a pipe nothing. */
export interface Progress {
  step(): void
  end(): void
}

const silent: Progress = { step: () => {}, end: () => {} }
const widest = 40
const everyMs = 100

/**
 * Starts a progress bar; the number of steps is counted only when it is shown.
 *
 * It writes and never reads: the bars of prompt libraries read keys in raw mode and end the process at
 * Ctrl-C, while rows are in flight.
 */
export async function startProgress(count: () => Promise<number>): Promise<Progress> {
  const { stderr } = process
  if (!stderr.isTTY || process.env.TERM === 'dumb') return silent
  const total = await count()
  const { cyan, dim } = colors(stderr)
  let done = 0
  const draw = (): void => {
    const count = ` ${done} of ${total}`
    // A line that is longer than the terminal could not be written over.
    const width = Math.max(0, Math.min(widest, (stderr.columns || 80) - count.length - 1))
    const filled = total === 0 ? width : Math.min(width, Math.floor((done / total) * width))
    stderr.write(`\r\u001b[2K${cyan('━'.repeat(filled))}${dim('━'.repeat(width - filled))}${count}`)
  }
  draw()
  const timer = setInterval(draw, everyMs)
  timer.unref()
  return {
    step: () => {
      done += 1
    },
    end: () => {
      clearInterval(timer)
      draw()
      stderr.write('\n')
    },
  }
}

import { shortened, widthOf } from './wrap.ts'

/** A line on standard error that says what goes on, written over and over; in a pipe nothing. */
export interface AliveLine {
  say(text: string): void
  clear(): void
}

const silent: AliveLine = { say: () => {}, clear: () => {} }

/** The line of this process's terminal. */
export function aliveLine(isWanted: boolean): AliveLine {
  const { stderr } = process
  if (!isWanted || !stderr.isTTY || process.env.TERM === 'dumb') return silent
  let isThere = false
  const clear = (): void => {
    if (isThere) stderr.write('\r\u001b[2K')
    isThere = false
  }
  return {
    clear,
    say: (text) => {
      clear()
      stderr.write(shortened(text, widthOf(stderr) - 1))
      isThere = true
    },
  }
}

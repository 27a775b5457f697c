/** Progress of a run, on a terminal; in a pipe nothing. */
export interface Progress {
  step(): void
  end(): void
}

const silent: Progress = { step: () => {}, end: () => {} }

/** Starts a progress bar; the number of steps is counted only when it is shown. */
export async function startProgress(count: () => Promise<number>): Promise<Progress> {
  if (!process.stderr.isTTY || process.env.TERM === 'dumb') return silent
  const total = await count()
  const { progress } = await import('@clack/prompts')
  const bar = progress({ max: Math.max(1, total), output: process.stderr })
  bar.start(`0 of ${total}`)
  let done = 0
  return {
    step: () => {
      done += 1
      bar.advance(1, `${done} of ${total}`)
    },
    end: () => bar.stop(`${done} of ${total}`),
  }
}

import { EzError } from '@ez/core'
import { CommanderError } from 'commander'
import { reportError } from './output/errors.ts'
import { exitCodeOf } from './output/exit.ts'
import { createProgram } from './program.ts'
import { closeAll } from './providers/closers.ts'

/** Runs the command line and sets the exit code: 0 good, 1 the request failed, 2 the input is wrong. */
export async function main(argv: readonly string[]): Promise<void> {
  const flags = { json: argv.includes('--json'), debug: argv.includes('--debug') }
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0)
    process.stderr.write(`error: standard output cannot be written: ${error.code}.\n`)
    process.exit(1)
  })
  // Nobody reads the messages: the exit code still tells.
  process.stderr.on('error', () => {})
  try {
    const program = await createProgram(argv)
    await program.parseAsync(argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2
      if (flags.json && error.exitCode !== 0)
        reportError(new EzError('EZ_USAGE', error.message.replace(/^error: /, '')), flags)
      return
    }
    reportError(error, flags)
    process.exitCode = exitCodeOf(error)
  } finally {
    await closeAll()
  }
}

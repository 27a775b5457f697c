import { EzError } from '@ez/core'
import { colors } from './colors.ts'
import { printable, printableJson } from './printable.ts'
import { widthOf, wrapped } from './wrap.ts'

/** Tells an error on standard error: a message without a stack, or JSON, or with `--debug` everything. */
export function reportError(
  error: unknown,
  flags: { readonly json: boolean; readonly debug: boolean },
): void {
  process.stderr.write(
    flags.json
      ? `${printableJson({ error: errorData(error) })}\n`
      : `${wrapped(errorText(error), widthOf(process.stderr))}\n`,
  )
  if (flags.debug) process.stderr.write(`${printable(stackOf(error))}\n`)
  else if (!EzError.isInstance(error) && !flags.json) process.stderr.write('Add --debug for the stack.\n')
}

/** An error as people read it. */
export function errorText(error: unknown): string {
  const { red, yellow, dim } = colors(process.stderr)
  if (!EzError.isInstance(error))
    return `${red('error')}: ${printable(error instanceof Error ? error.message : String(error))}`
  const kind = error.details.severity === 'warning' ? yellow('warning') : red('error')
  const rule = typeof error.details.rule === 'string' ? ` ${error.details.rule}` : ''
  return `${kind}: ${printable(messageOf(error))} ${dim(`[${error.code}${rule}]`)}`
}

const longestExcerpt = 300

/** A message for people: with the beginning of what a server said, where the error has it. */
export function messageOf({ code, message, details }: EzError): string {
  const { body } = details
  if (code !== 'EZ_HTTP_STATUS' || typeof body !== 'string') return message
  const said = body.length > longestExcerpt ? `${body.slice(0, longestExcerpt)}…` : body
  const short = message.replace(/ See details\.body[^.]*\.$/, '')
  return said.trim() === '' ? short : `${short}\n  answer: ${said.trim()}`
}

/** An error as programs read it. */
export function errorData(error: unknown): { code: string; message: string; details?: unknown } {
  if (!EzError.isInstance(error))
    return { code: 'EZ_INTERNAL', message: error instanceof Error ? error.message : String(error) }
  const hasDetails = Object.keys(error.details).length > 0
  return { code: error.code, message: error.message, ...(hasDetails && { details: error.details }) }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

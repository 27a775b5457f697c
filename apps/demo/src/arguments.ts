import { parseArgs } from 'node:util'
import { nearest } from '@ez/core'

/** What the command line asks for. */
export interface Arguments {
  readonly help: boolean
  readonly json: boolean
  /** Names of requests; empty for all of them. */
  readonly only: readonly string[]
}

/** The command line cannot be understood; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line.
 *
 * @param names the requests that there are
 * @throws UsageError for an unknown option or an unknown name
 */
export function readArguments(args: readonly string[], names: readonly string[]): Arguments {
  const { help, json, only } = parse(args)
  for (const name of only) {
    if (names.includes(name)) continue
    const close = nearest(name, names)
    throw new UsageError(
      `There is no request "${name}". ${close === undefined ? '' : `Did you mean "${close}"? `}Known: ${names.join(', ')}.`,
    )
  }
  return { help, json, only }
}

function parse(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** What `--help` prints. */
export function helpText(requests: readonly { name: string; title: string; vendor: string }[]): string {
  const width = Math.max(...requests.map(({ name }) => name.length))
  const list = requests.map(({ name, title, vendor }) => `  ${name.padEnd(width)}  ${title} (${vendor})`)
  return `Signs the documented requests, sends them through fetch to mocked endpoints that verify every
signature as the vendor would, and sends each again with a wrong key, tampered, and by a stale clock.

Usage: demo [options]

  --only <name>  one request, its answers in full; may be repeated
  --json         the same as data
  -h, --help     this text

Colours follow the terminal; NO_COLOR and FORCE_COLOR are respected.
Exit code: 0 when everything is as expected, 1 when anything is not, 2 when the arguments are wrong.

Requests:
${list.join('\n')}
`
}

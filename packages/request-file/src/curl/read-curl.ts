import { EzError } from '@ez/core'
import { type ImportedRequest, literal, pairsValue } from '../imported/imported-request.ts'
import type { RequestValue } from '../model/request-value.ts'
import { type Operation, readArguments } from './arguments.ts'
import { dataText, type Piece, readBody } from './body.ts'
import { Given } from './given.ts'
import { readHeaders } from './headers.ts'
import { leftOut } from './options.ts'
import { type ShellCommand, shellCommands } from './shell-words.ts'
import { readSteps } from './steps.ts'
import { readUrl, withQuery } from './url.ts'

const dataNames = ['data', 'data-raw', 'data-ascii', 'data-binary', 'data-urlencode', 'json']

/**
 * Reads cURL commands as a shell and curl read them: several commands, `--next` and several URLs are several requests.
 *
 * Reads what people paste: from a shell, from a browser ("Copy as cURL" for bash and cmd.exe), with here-documents,
 * comments, `NAME=value` and `time` in front. Values of the command stay where they stand, credentials too (but
 * for those that a signer uses): `hideCredentials` takes them out. `notes` names what has no counterpart.
 *
 * @throws EZ_IMPORT_INVALID when there is no cURL command, a quote is not closed, or no URL is named
 * @see https://curl.se/docs/manpage.html
 * @example
 * const [imported] = readCurl(`curl -u me:pass -d a=1 https://api.example.com/orders`)
 * imported?.request.method // 'POST'
 */
export function readCurl(text: string): ImportedRequest[] {
  const expansions: string[] = []
  const commands = shellCommands(text.trim().replace(/^[$%] (?=\S)/, ''), (expansion) =>
    expansions.push(
      `The shell would put a value in the place of ${expansion}. Here it stands as it is: use a variable.`,
    ),
  )
  const others: string[] = []
  const found = commands.flatMap((command) => {
    const words = withoutPrefix(command.words)
    if (/(?:^|[\\/])curl(?:\.exe)?$/.test(words[0] ?? '')) return [{ ...command, words: words.slice(1) }]
    if (words.length > 0) others.push(`The command "${words[0]}" beside curl was left out.`)
    return []
  })
  if (found.length === 0)
    throw new EzError('EZ_IMPORT_INVALID', 'This is no cURL command: it does not start with "curl".')
  const imported = found.flatMap(readCommand)
  const notes = [...expansions, ...others]
  return imported.map((entry, index) =>
    index === 0 ? { ...entry, notes: [...notes, ...entry.notes] } : entry,
  )
}

// What a shell takes for no program: assignments, and programs that run another.
function withoutPrefix(words: readonly string[]): string[] {
  const start = words.findIndex(
    (word) => !/^(?:[A-Za-z_]\w*=.*|time|env|command|exec|nohup|sudo|!|-p)$/s.test(word),
  )
  return start < 0 ? [] : words.slice(start)
}

function readCommand(command: ShellCommand): ImportedRequest[] {
  return readArguments(command.words).flatMap((operation) => {
    if (operation.urls.length === 0) throw new EzError('EZ_IMPORT_INVALID', 'The cURL command names no URL.')
    return operation.urls.map((url) => readOperation(operation, url, command))
  })
}

function readOperation({ given: all }: Operation, address: string, command: ShellCommand): ImportedRequest {
  const given = new Given(all)
  const notes = all.flatMap(({ name, raw }) => leftOut(name, raw) ?? [])
  const upload = given.last('upload-file')
  const { url, credentials } = readUrl(address, upload, given.has('globoff'), notes)
  const { steps, authorized, credentials: hidden = {} } = readSteps(given, url, credentials)
  const { headers, removed } = readHeaders(given, authorized ? undefined : credentials, authorized, notes)
  const pieces: Piece[] = given.all
    .filter(({ name }) => dataNames.includes(name))
    .map(({ name, value }) => ({ name, value: value === '@-' ? stdinOf(name, value, command) : value }))
  const asQuery = given.has('get')
  const body = asQuery ? undefined : readBody(pieces, given, headers, removed, notes)
  const query = [
    ...given
      .values('url-query')
      .map((value) => (value.startsWith('+') ? value.slice(1) : dataText('data-urlencode', value))),
    ...(asQuery ? pieces.map(({ name, value }) => dataText(name, value)) : []),
  ].join('&')
  const kept = headers.filter(([name]) => !(body && 'multipart' in body && /^content-type$/i.test(name)))
  const request: RequestValue = {
    method: methodOf(given, asQuery, upload, body),
    url: literal(withQuery(url, query)),
    ...(kept.length > 0 && { headers: pairsValue(kept.map(([name, value]) => [name, literal(value)])) }),
    ...(body && { body }),
    ...(steps.length > 0 && { preRequest: steps }),
  }
  const names = Object.keys(hidden)
  if (names.length > 0) notes.push(`What --user gives was not copied: set ${names.join(' and ')}.`)
  return { request, notes, ...(names.length > 0 && { credentials: hidden }) }
}

function methodOf(given: Given, asQuery: boolean, upload: string | undefined, body: unknown): string {
  const asked = given.last('request')
  if (asked !== undefined) return asked
  if (given.has('head')) return 'HEAD'
  if (asQuery) return 'GET'
  if (upload !== undefined) return 'PUT'
  return body ? 'POST' : 'GET'
}

// curl(1), --data: of a text that is read, line ends and NUL bytes are removed.
function stdinOf(name: string, value: string, { stdin, stdinFile }: ShellCommand): string {
  if (stdin === undefined) return stdinFile === undefined ? value : `@${stdinFile}`
  return name === 'data' || name === 'data-ascii' ? stdin.replace(/[\r\n\0]/g, '') : stdin
}

import { parseArgs } from 'node:util'
import { EzError } from '@ez/core'
import type { RequestValue, StepValue } from '../files/request-file.ts'
import { dataText, readBody, texts } from './curl-body.ts'
import { type ImportedRequest, literal, pairsValue } from './draft.ts'
import { shellWords } from './shell-words.ts'

// curl(1): the options that say what is sent. Those that only say how are dropped without a word.
const options = {
  request: { type: 'string', short: 'X' },
  url: { type: 'string', multiple: true },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd', multiple: true },
  'data-raw': { type: 'string', multiple: true },
  'data-ascii': { type: 'string', multiple: true },
  'data-binary': { type: 'string', multiple: true },
  'data-urlencode': { type: 'string', multiple: true },
  json: { type: 'string', multiple: true },
  form: { type: 'string', short: 'F', multiple: true },
  'form-string': { type: 'string', multiple: true },
  user: { type: 'string', short: 'u' },
  'user-agent': { type: 'string', short: 'A' },
  referer: { type: 'string', short: 'e' },
  cookie: { type: 'string', short: 'b', multiple: true },
  'oauth2-bearer': { type: 'string' },
  'aws-sigv4': { type: 'string' },
  'upload-file': { type: 'string', short: 'T' },
  'url-query': { type: 'string', multiple: true },
  get: { type: 'boolean', short: 'G' },
  head: { type: 'boolean', short: 'I' },
  // How, not what: read so that their values are not taken for URLs.
  output: { type: 'string', short: 'o' },
  'max-time': { type: 'string', short: 'm' },
  'connect-timeout': { type: 'string' },
  retry: { type: 'string' },
  proxy: { type: 'string', short: 'x' },
  cacert: { type: 'string' },
  cert: { type: 'string', short: 'E' },
  key: { type: 'string' },
  'write-out': { type: 'string', short: 'w' },
  'cookie-jar': { type: 'string', short: 'c' },
  'dump-header': { type: 'string', short: 'D' },
  config: { type: 'string', short: 'K' },
  silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' },
  location: { type: 'boolean', short: 'L' },
  insecure: { type: 'boolean', short: 'k' },
  include: { type: 'boolean', short: 'i' },
  verbose: { type: 'boolean', short: 'v' },
  fail: { type: 'boolean', short: 'f' },
  globoff: { type: 'boolean', short: 'g' },
  compressed: { type: 'boolean' },
} as const

const dataNames = ['data', 'data-raw', 'data-ascii', 'data-binary', 'data-urlencode', 'json'] as const
type Values = ReturnType<typeof parse>['values']

const parse = (args: string[]) =>
  parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true })

/** Reads a cURL command. @throws EZ_IMPORT_INVALID */
export function importCurl(command: string): ImportedRequest {
  const words = shellWords(command.trim().replace(/^\$ /, ''))
  if (!/(?:^|[\\/])curl(?:\.exe)?$/.test(words[0] ?? ''))
    throw new EzError('EZ_IMPORT_INVALID', 'This is no cURL command: it does not start with "curl".')
  const { values, positionals, tokens } = parse(words.slice(1))
  const notes: string[] = []
  for (const token of tokens)
    if (token.kind === 'option' && !Object.hasOwn(options, token.name))
      notes.push(`curl's ${token.rawName} has no counterpart here and was left out.`)
  const url = texts(values.url)[0] ?? positionals[0]
  if (url === undefined) throw new EzError('EZ_IMPORT_INVALID', 'The cURL command names no URL.')
  const headers = readHeaders(values)
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const pieces = tokens.flatMap((token) =>
    token.kind === 'option' && (dataNames as readonly string[]).includes(token.name)
      ? [{ name: token.name, value: String(token.value) }]
      : [],
  )
  const asQuery = values.get === true
  const body = asQuery ? undefined : readBody(pieces, values, contentType, headers, notes)
  const query = [
    ...texts(values['url-query']),
    ...(asQuery ? pieces.map(({ name, value }) => dataText(name, value)) : []),
  ].join('&')
  const method =
    typeof values.request === 'string'
      ? values.request
      : values.head
        ? 'HEAD'
        : asQuery
          ? 'GET'
          : typeof values['upload-file'] === 'string'
            ? 'PUT'
            : body
              ? 'POST'
              : 'GET'
  const steps = readSigner(values, notes)
  const request: RequestValue = {
    method,
    url: literal(withQuery(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`, query)),
    ...(headers.length > 0 && {
      headers: pairsValue(headers.map(([name, value]) => [name, literal(value)])),
    }),
    ...(body && { body }),
    ...(steps && { preRequest: steps }),
  }
  if (headers.some(([name]) => /^(?:authorization|cookie|x-api-key)$/i.test(name)))
    notes.push(
      'A header of the command holds a credential. Move it into a variable before you share the file.',
    )
  return { request, notes }
}

function withQuery(url: string, query: string): string {
  if (query === '') return url
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}

function readHeaders(values: Values): [string, string][] {
  const headers: [string, string][] = texts(values.header).flatMap((line) => {
    // "name:" removes a header that curl would add; "name;" sends an empty one.
    const match = /^([^:;]+)(?::\s*(.*)|;)$/s.exec(line)
    if (!match || match[2] === '') return []
    return [[(match[1] as string).trim(), (match[2] ?? '').trim()] as [string, string]]
  })
  const add = (name: string, value: string): void => {
    if (!headers.some(([known]) => known.toLowerCase() === name)) headers.push([name, value])
  }
  if (values['user-agent'] !== undefined) add('user-agent', String(values['user-agent']))
  if (values.referer !== undefined) add('referer', String(values.referer))
  const cookies = texts(values.cookie)
  if (cookies.length > 0) add('cookie', cookies.join('; '))
  if (values['oauth2-bearer'] !== undefined) add('authorization', `Bearer ${String(values['oauth2-bearer'])}`)
  else if (values.user !== undefined && values['aws-sigv4'] === undefined)
    add('authorization', `Basic ${Buffer.from(String(values.user)).toString('base64')}`)
  if (values.json !== undefined) {
    add('content-type', 'application/json')
    add('accept', 'application/json')
  }
  return headers
}

// curl(1), --aws-sigv4 provider1[:provider2[:region[:service]]], with the keys in --user.
function readSigner(values: Values, notes: string[]): StepValue[] | undefined {
  if (typeof values['aws-sigv4'] !== 'string') return undefined
  const [, , region = 'us-east-1', service = 'execute-api'] = values['aws-sigv4'].split(':')
  notes.push('The keys of --user were not kept: set the variables access_key and secret_key.')
  const credentials = { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' }
  return [{ use: '@ez/aws-sigv4', with: { service, region, credentials } }]
}

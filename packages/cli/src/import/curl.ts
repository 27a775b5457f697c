import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { EzError } from '@ez/core'
import type { RequestValue, StepValue } from '../files/request-file.ts'
import { dataText, readBody, texts } from './curl-body.ts'
import { leftOut, options } from './curl-options.ts'
import { type ImportedRequest, literal, pairsValue } from './draft.ts'
import { shellWords } from './shell-words.ts'

const dataNames = ['data', 'data-raw', 'data-ascii', 'data-binary', 'data-urlencode', 'json'] as const
type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

const parse = (args: string[]) =>
  parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true })

/** Reads a cURL command. @throws EZ_IMPORT_INVALID */
export function importCurl(command: string): ImportedRequest {
  const notes: string[] = []
  const words = shellWords(command.trim().replace(/^\$ /, ''), (expansion) =>
    notes.push(
      `The shell would put a value in the place of ${expansion}. Here it stands as it is: use a variable.`,
    ),
  )
  if (!/(?:^|[\\/])curl(?:\.exe)?$/.test(words[0] ?? ''))
    throw new EzError('EZ_IMPORT_INVALID', 'This is no cURL command: it does not start with "curl".')
  const { values, positionals, tokens } = parse(words.slice(1))
  for (const token of tokens) {
    const note = token.kind === 'option' ? leftOut(token.name, token.rawName) : undefined
    if (note !== undefined) notes.push(note)
  }
  const [given, ...others] = [...texts(values.url), ...positionals]
  if (given === undefined) throw new EzError('EZ_IMPORT_INVALID', 'The cURL command names no URL.')
  if (others.length > 0)
    notes.push(`The command calls several URLs. Only the first is kept; left out: ${others.join(', ')}`)
  const { url, credentials } = readUrl(given, values['upload-file'])
  const headers = readHeaders(values, credentials, notes)
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
  const kept = headers.filter(([name]) => !(body && 'multipart' in body && /^content-type$/i.test(name)))
  const request: RequestValue = {
    method,
    url: literal(withQuery(url, query)),
    ...(kept.length > 0 && { headers: pairsValue(kept.map(([name, value]) => [name, literal(value)])) }),
    ...(body && { body }),
    ...(steps && { preRequest: steps }),
  }
  if (headers.some(([name]) => /^(?:authorization|cookie|x-api-key)$/i.test(name)))
    notes.push(
      'A header of the command holds a credential. Move it into a variable before you share the file.',
    )
  return { request, notes }
}

// curl guesses http, appends the name of the file to a folder, and sends user information as a header.
function readUrl(given: string, upload: unknown): { url: string; credentials?: string } {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`
  const [, start, user, rest] = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#@]*)@)?(.*)$/is.exec(
    whole,
  ) as unknown as string[]
  const name = typeof upload === 'string' && upload !== '-' ? basename(upload) : ''
  const url = `${start}${rest}`
  return {
    url: name !== '' && /^[a-z]+:\/\/[^?#]*\/$/i.test(url) ? `${url}${encodeURIComponent(name)}` : url,
    ...(user !== undefined && { credentials: decoded(user) }),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function withQuery(url: string, query: string): string {
  if (query === '') return url
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}

// The sender writes these itself, from the URL and the body.
const ofSender = /^(?:content-length|connection|transfer-encoding|expect|proxy-connection)$/i

function readHeaders(values: Values, credentials: string | undefined, notes: string[]): [string, string][] {
  const headers: [string, string][] = texts(values.header).flatMap((line) => {
    if (line.startsWith('@')) {
      notes.push(`Headers of the file ${line.slice(1)} were not read. Write them under headers.`)
      return []
    }
    // "name:" removes a header that curl would add; "name;" sends an empty one.
    const match = /^([^:;]+)(?::\s*(.*)|;)$/s.exec(line)
    if (!match || match[2] === '') return []
    const name = (match[1] as string).trim()
    if (/^host$/i.test(name)) {
      notes.push(`The header "${line}" was left out: the host is that of the URL.`)
      return []
    }
    return ofSender.test(name) ? [] : [[name, (match[2] ?? '').trim()] as [string, string]]
  })
  const user = values.user ?? credentials
  const add = (name: string, value: string): void => {
    if (!headers.some(([known]) => known.toLowerCase() === name)) headers.push([name, value])
  }
  if (values['user-agent'] !== undefined) add('user-agent', String(values['user-agent']))
  if (values.referer !== undefined) add('referer', String(values.referer))
  if (values.range !== undefined) add('range', `bytes=${String(values.range)}`)
  const cookies = texts(values.cookie).filter((cookie) => {
    // Without "=" it is a file, from which curl takes what fits the host.
    if (!cookie.includes('=') && cookie !== '')
      notes.push(`Cookies of the file ${cookie} were not read. Write them under headers, as cookie.`)
    return cookie.includes('=')
  })
  if (cookies.length > 0) add('cookie', cookies.join('; '))
  if (values['oauth2-bearer'] !== undefined) add('authorization', `Bearer ${String(values['oauth2-bearer'])}`)
  else if (user !== undefined && values['aws-sigv4'] === undefined)
    add('authorization', `Basic ${Buffer.from(withPassword(String(user), notes)).toString('base64')}`)
  if (values.json !== undefined) {
    add('content-type', 'application/json')
    add('accept', 'application/json')
  }
  return headers
}

function withPassword(user: string, notes: string[]): string {
  if (user.includes(':')) return user
  notes.push('--user has no password, for which curl asks: an empty one was written.')
  return `${user}:`
}

// curl(1), --aws-sigv4 provider1[:provider2[:region[:service]]], with the keys in --user.
function readSigner(values: Values, notes: string[]): StepValue[] | undefined {
  if (typeof values['aws-sigv4'] !== 'string') return undefined
  const [, , region = 'us-east-1', service = 'execute-api'] = values['aws-sigv4'].split(':')
  notes.push('The keys of --user were not kept: set the variables access_key and secret_key.')
  const credentials = { accessKeyId: '{{access_key}}', secretAccessKey: '{{secret_key}}' }
  return [{ use: '@ez/aws-sigv4', with: { service, region, credentials } }]
}

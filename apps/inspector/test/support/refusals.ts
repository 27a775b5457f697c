import { readFileSync } from 'node:fs'
import { type RequestValue, requestFileText } from '@ez/request-file'
import { prepareOwn } from '../../src/analysis/own-request.ts'

/** A refusal of a service as its package's tests hold it, as somebody would paste it. */
export interface Pasted {
  readonly title: string
  readonly request: string
  readonly answer: string
  readonly at: string
  readonly nonce: string
  /** What the page must say. */
  readonly sentence: string
}

interface Refusal {
  readonly vendor: string
  readonly title: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  readonly method?: string
  readonly options?: object
  readonly sent?: Readonly<Record<string, string>>
  readonly signer?: 'netsuite' | 'oauth1'
  readonly edit?: readonly [string, string]
  readonly change?: readonly [string, string]
  readonly sentence: string
}

const read = (path: string): Refusal[] =>
  JSON.parse(
    readFileSync(
      new URL(`../../../../packages/${path}/test/diagnose/refusals.json`, import.meta.url),
      'utf8',
    ),
  )

/** The refusals of docs/refusals.md whose answers are kept as data. */
export async function pastedRefusals(): Promise<Pasted[]> {
  const all = [...read('aws-sigv4').map(awsRequest), ...read('netsuite-oauth1').map(oauthRequest)]
  return Promise.all(all.map(paste))
}

interface Given {
  readonly refusal: Refusal
  readonly request: RequestValue
  readonly at: string
}

function awsRequest(refusal: Refusal): Given {
  const { method = 'POST', sent, options } = refusal
  const isHead = method === 'HEAD'
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  }
  const signer = {
    use: '@ez/aws-sigv4',
    with: { service: 'execute-api', region: 'us-east-1', credentials, ...options },
  }
  const request: RequestValue = {
    method,
    url: 'https://api.example.com/a%20b/c?x=1',
    headers: { ...(isHead ? {} : { 'content-type': 'application/json' }), ...sent },
    ...(!isHead && { body: { text: '{"a": 1}' } }),
    ...(!sent && { preRequest: [signer] }),
  }
  return { refusal, request, at: '2026-01-15T12:36:00Z' }
}

function oauthRequest(refusal: Refusal): Given {
  const secrets = { consumerKey: 'KEY', consumerSecret: 'CONSUMER_SECRET', tokenSecret: 'TOKEN_SECRET' }
  const signer =
    refusal.signer === 'netsuite'
      ? { use: '@ez/netsuite-oauth1', with: { accountId: '1234567_SB1', ...secrets, tokenId: 'TOKEN' } }
      : {
          use: '@ez/netsuite-oauth1/oauth1',
          with: { ...secrets, token: 'TOKEN', signatureMethod: 'HMAC-SHA256' },
        }
  const request: RequestValue = {
    method: 'POST',
    // The host tells NetSuite from any other server.
    url: `https://${refusal.signer === 'netsuite' ? '1234567-sb1.suitetalk.api.netsuite.com' : 'api.example.com'}/services/rest/query/v1/suiteql?limit=10&offset=0`,
    body: { text: '{"q":"SELECT 1"}' },
    preRequest: [signer],
  }
  return { refusal, request, at: '2026-03-01T12:00:00Z' }
}

async function paste({ refusal, request, at }: Given): Promise<Pasted> {
  const nonce = '0123456789abcdef'
  const { prepared } = await prepareOwn(request, { at: new Date(at), nonce })
  const stage = (id: string): string => prepared.trace.findLast((entry) => entry.id === id)?.value ?? ''
  const { change = ['', ''], edit, body } = refusal
  const from = change[0] === '{hash}' ? /[0-9a-f]{64}/g : change[0]
  const written = (text: string): string =>
    body.startsWith('<')
      ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      : JSON.stringify(text).slice(1, -1)
  const canonical =
    change[0] === '' ? stage('canonical-request') : stage('canonical-request').replaceAll(from, change[1])
  const text = body
    .replaceAll('{canonicalRequest}', () => written(canonical))
    .replaceAll('{stringToSign}', () => written(stage('string-to-sign')))
    .replaceAll('{signature}', () => stage('signature'))
    .replaceAll('{baseString}', () => encodeURIComponent(stage('base-string').replace(change[0], change[1])))
  const head = [`HTTP/1.1 ${refusal.status}`, ...refusal.headers.map(([name, value]) => `${name}: ${value}`)]
  const headers = prepared.headers.map(
    ([name, value]) => `${name}: ${edit ? value.replace(edit[0], edit[1]) : value}`,
  )
  // What another client did differently stands in what it sent; else the page signs, with the secret to the end.
  const asSent = `${prepared.method} ${prepared.url} HTTP/1.1\n${headers.join('\n')}\n\n${request.body?.text ?? ''}`
  return {
    title: `${refusal.vendor}: ${refusal.title}`,
    request: edit ? asSent : requestFileText([{ request, notes: [] }]),
    answer: `${head.join('\n')}\n\n${text}`,
    at,
    nonce,
    sentence: refusal.sentence.replace(/^\^/, ''),
  }
}

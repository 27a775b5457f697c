import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResolvedRequest } from '@ez/core'
import { utf8 } from '@ez/core/crypto'

/** Where published cases are that are not part of the repository. */
const folder = process.env.EZ_VECTORS ?? join(import.meta.dirname, '../../../../../shared/vectors')

/** A published case of a scheme. */
// biome-ignore lint/suspicious/noExplicitAny: the cases have fields of their own.
export type Case = Record<string, any> & { readonly title: string }

/** The cases of a scheme; `undefined` when they are not here. */
export function casesOf(scheme: string): readonly Case[] | undefined {
  const file = join(folder, 'schemes', `${scheme}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases : undefined
}

/** Akamai's own cases, and what they share; `undefined` when they are not here. */
export function edgeGridCases(): { context: Case; cases: readonly Case[] } | undefined {
  const file = join(folder, 'edgegrid.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

/** The request of a case; what it has none of is filled in. */
export function requestOf(one: Case): ResolvedRequest {
  const url = /^https?:/i.test(one.url ?? '') ? one.url : `https://example.com${one.url ?? '/'}`
  const query = Object.entries((one.query ?? {}) as Record<string, string | string[]>).flatMap(
    ([name, value]) =>
      [value].flat().map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
  )
  const [head, given] = url.split('?')
  const whole = [...(given === undefined ? [] : [given]), ...(given === undefined ? query : [])].join('&')
  const fields = Object.entries((one.params ?? {}) as Record<string, string | string[]>).flatMap(
    ([name, value]) =>
      [value].flat().map((text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`),
  )
  const form: [string, string][] =
    fields.length > 0 ? [['content-type', 'application/x-www-form-urlencoded']] : []
  const headers = Object.entries((one.headers ?? {}) as Record<string, string>)
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => name !== 'host' && name !== 'content-length')
  const body = one.body ?? fields.join('&')
  return {
    method: one.method ?? 'POST',
    url: `${head}${whole === '' ? '' : `?${whole}`}`,
    headers: [...headers, ...form],
    body: body === '' ? null : utf8(body),
  }
}

/** The PEM of a private key in a case. */
export const pemOf = ({ der, base64 }: { der: string; base64: string }): string => {
  const kind = der === 'pkcs1' ? 'RSA PRIVATE KEY' : 'PRIVATE KEY'
  return `-----BEGIN ${kind}-----\n${base64}\n-----END ${kind}-----\n`
}

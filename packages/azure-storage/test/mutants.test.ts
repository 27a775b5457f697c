import { createHash } from 'node:crypto'
import { type AzureStorageOptions, azureStorage } from '@ez/azure-storage'
import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { EzError, type Pairs, signRequest } from '@ez/core'
import { afterAll, describe, expect, it } from 'vitest'

const credentials = { accountName: 'myaccount', accountKey: 'bXkgYWNjb3VudCBrZXk=' }
const userDelegationKey = {
  signedObjectId: 'oid',
  signedTenantId: 'tid',
  signedStartsOn: '2026-01-15T12:00:00Z',
  signedExpiresOn: '2026-01-16T12:00:00Z',
  signedService: 'b',
  signedVersion: '2023-11-03',
  value: 'dXNlciBkZWxlZ2F0aW9uIGtleQ==',
}
const now = new Date('2026-01-15T12:36:00Z')
const text = 'body of the test'
const md5 = createHash('md5').update(text).digest('base64')
const blob = 'https://myaccount.blob.core.windows.net/cont/a%20b'
const table = 'https://myaccount.table.core.windows.net/Employees'

interface Mode {
  readonly title: string
  readonly options: Partial<AzureStorageOptions>
  readonly url: string
}

const sas = { permissions: 'rw', expiresIn: 60, ip: '10.0.0.1' }
const modes: readonly Mode[] = [
  { title: 'SharedKey', options: {}, url: `${blob}?comp=block&blockid=QQ%3D%3D&x=a+b` },
  { title: 'SharedKey of tables', options: {}, url: `${table}?comp=acl&a=b` },
  { title: 'SharedKeyLite', options: { scheme: 'SharedKeyLite' }, url: `${blob}?comp=block&a=b` },
  { title: 'SharedKeyLite of tables', options: { scheme: 'SharedKeyLite' }, url: `${table}?comp=acl&a=b` },
  { title: 'AccountSAS', options: { scheme: 'AccountSAS', sas }, url: `${blob}?comp=block` },
  {
    title: 'ServiceSAS',
    options: { scheme: 'ServiceSAS', sas },
    url: `${blob}?snapshot=2026-01-15T12:00:00Z`,
  },
  {
    title: 'ServiceSAS of directories',
    options: { scheme: 'ServiceSAS', sas: { ...sas, resource: 'directory', directory: 'd' } },
    url: 'https://myaccount.blob.core.windows.net/cont/d/e?a=b',
  },
  {
    title: 'ServiceSAS of tables',
    options: { scheme: 'ServiceSAS', sas: { permissions: 'r', startPartitionKey: 'a', startRowKey: 'b' } },
    url: `${table}?a=b`,
  },
  {
    title: 'UserDelegationSAS',
    options: {
      scheme: 'UserDelegationSAS',
      sas,
      credentials: { accountName: 'myaccount', userDelegationKey },
    },
    url: blob,
  },
]

/** A generator of numbers that is the same for the same seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Sent {
  method: string
  url: string
  headers: [string, string][]
  body: Uint8Array
}

const characters = [
  'a',
  'Z',
  '0',
  '-',
  '_',
  '%20',
  '%0A',
  '+',
  '=',
  '&',
  '/',
  ':',
  ',',
  "'",
  ' ',
  '.',
  '%2F',
  ';',
]

function mutated(sent: Sent, random: (below: number) => number): Sent {
  const copy: Sent = {
    ...sent,
    headers: sent.headers.map(([name, value]) => [name, value]),
    body: sent.body.slice(),
  }
  const change = (value: string): string => {
    const at = random(value.length + 1)
    const piece = characters[random(characters.length)] as string
    const kind = random(4)
    if (kind === 0) return value.slice(0, at) + piece + value.slice(at)
    if (kind === 1) return value.slice(0, at) + value.slice(at + 1)
    if (kind === 2) return value.slice(0, at) + piece + value.slice(at + 1)
    return value.slice(0, at) + value.slice(at).toUpperCase()
  }
  const target = random(7)
  const [head = '', query = ''] = sent.url.split('?')
  const origin = new URL(sent.url).origin
  const pairs = query.split('&')
  const header = copy.headers[random(copy.headers.length)] as [string, string]
  if (target === 0) copy.method = ['GET', 'PUT', 'DELETE', 'put', 'PO'][random(5)] as string
  else if (target === 1) copy.url = `${origin}/${change(head.slice(origin.length + 1))}?${query}`
  else if (target === 2) {
    const at = random(pairs.length)
    pairs[at] = change(pairs[at] ?? '')
    copy.url = `${head}?${pairs.join('&')}`
  } else if (target === 3) {
    const at = random(pairs.length)
    if (random(2) === 0) pairs.splice(at, 1)
    else
      pairs.push(['sp=rwd', 'x=1', 'comp=acl', 'snapshot=1', 'rscd=x', pairs[at] ?? ''][random(6)] as string)
    copy.url = `${head}?${pairs.join('&')}`
  } else if (target === 4) header[1] = change(header[1])
  else if (target === 5) {
    if (random(2) === 0) copy.headers.splice(random(copy.headers.length), 1)
    else
      copy.headers.push(
        ['x-ms-meta-z', 'content-md5', 'range', 'x-ms-date', 'date', 'if-match'].map(
          (name): [string, string] => [name, 'v'],
        )[random(6)] as [string, string],
      )
  } else copy.body[random(copy.body.length)] = random(256)
  return copy
}

const formDecoded = (part: string): string => {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '))
  } catch {
    return part
  }
}
const find = (headers: Pairs, name: string): string | undefined =>
  headers.find(([key]) => key.toLowerCase() === name)?.[1]

/** Why a mutant that was accepted is the same request by the scheme's own rules; `undefined` when it is not. */
function sameBecause(before: Sent, after: Sent, mode: string): string | undefined {
  const [left, right] = [before, after].map(({ url }) => new URL(url)) as [URL, URL]
  const isSas = mode.includes('SAS')
  const isTable = mode.includes('tables')
  const isLite = mode.includes('Lite')
  if (isSas && before.url === after.url) return 'a SAS signs the query alone'
  if (!isSas && before.method !== after.method && isTable && isLite) return 'Lite of tables signs no method'
  if (!isSas && before.method !== after.method) return undefined
  const signed = (name: string): boolean =>
    isTable
      ? (isLite ? ['x-ms-date'] : ['x-ms-date', 'content-type', 'content-md5']).includes(name)
      : isLite
        ? name.startsWith('x-ms-') || ['content-type', 'content-md5'].includes(name)
        : name.startsWith('x-ms-') || /^(content-(md5|type|encoding|language)|range|if-.*)$/.test(name)
  const names = new Set([...before.headers, ...after.headers].map(([name]) => name))
  const changed = [...names].filter(
    (name) =>
      signed(name) && (find(before.headers, name) ?? '').trim() !== (find(after.headers, name) ?? '').trim(),
  )
  if (!isSas && changed.length > 0) return undefined
  if (left.pathname !== right.pathname) {
    if (mode === 'AccountSAS') return 'an account SAS signs no path'
    if (mode === 'ServiceSAS of directories' && right.pathname.startsWith('/cont/d/'))
      return 'below the same directory'
    if (mode === 'ServiceSAS of tables' && /^\/employees(\(|\/|$)/i.test(right.pathname))
      return 'within the same table'
    return isSas && formDecodedPath(left) === formDecodedPath(right)
      ? 'the same name, escaped otherwise'
      : undefined
  }
  const pairs = ({ url }: Sent): [string, string][] =>
    (url.split('?')[1] ?? '')
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const at = pair.indexOf('=')
        const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
        return [formDecoded(name).toLowerCase(), formDecoded(value)]
      })
  const signedPairs = (one: Sent): string => {
    const all = pairs(one)
    const kept = isSas
      ? all.filter(
          ([name, value]) =>
            value !== '' &&
            (/^(s(?!napshot)[a-z]{1,6}|rsc.|tn|[se][pr]k|sig)$/.test(name) ||
              (mode === 'ServiceSAS' && name === 'snapshot')),
        )
      : isTable || isLite
        ? all.filter(([name]) => name === 'comp').slice(0, 1)
        : all
    const byName = new Map<string, string[]>()
    // The names of tables have no case.
    for (const [name, given] of kept) {
      const value = name === 'tn' ? given.toLowerCase() : given
      byName.set(name, [...(byName.get(name) ?? []), value])
    }
    return JSON.stringify([...byName].map(([name, values]) => `${name}:${values.sort().join(',')}`).sort())
  }
  if (signedPairs(before) !== signedPairs(after)) return undefined
  if (before.url !== after.url)
    return 'the same parameters, written or ordered otherwise, or none that is signed'
  if (Buffer.compare(before.body, after.body) !== 0)
    return find(before.headers, 'content-md5') ? undefined : 'the body is not signed'
  return 'a header that is not signed'
}

function formDecodedPath(url: URL): string {
  try {
    return decodeURIComponent(url.pathname)
  } catch {
    return url.pathname
  }
}

const total = Number(process.env.EZ_MUTANTS ?? 5000)
const classes = new Map<string, number>()
afterAll(() => {
  console.log(
    `azure-storage: ${total} mutants\n${[...classes]
      .sort()
      .map(([name, count]) => `  ${count} ${name}`)
      .join('\n')}`,
  )
})

describe('a changed request is refused with a code, or is the same by the rules of the scheme', () => {
  it.each(modes.map((mode, index) => [mode.title, mode, index] as const))(
    '%s',
    async (title, mode, index) => {
      const headers = {
        'content-type': 'text/plain',
        'x-ms-meta-i0': '1',
        'x-ms-meta-i_': '2',
        ...(index % 2 ? {} : { 'content-md5': md5 }),
      }
      const signed = await signRequest(
        { method: 'PUT', url: mode.url, headers, body: text },
        [azureStorage({ credentials, ...mode.options })],
        { clock: () => now },
      )
      const sent: Sent = {
        method: signed.method,
        url: signed.url,
        headers: signed.headers.map(([name, value]) => [name, value]),
        body: signed.body as Uint8Array,
      }
      const verify = (request: Sent) =>
        verifyAzureStorage(request, {
          accountName: 'myaccount',
          secretFor: (_, by) => (by ? userDelegationKey.value : credentials.accountKey),
          now,
          clientAddress: '10.0.0.1',
        })
      await expect(verify(sent)).resolves.toMatchObject({ keyId: 'myaccount' })
      const random = randomOf(20_260_115 + index)
      const rounds = Math.ceil(total / modes.length)
      for (let round = 0; round < rounds; round += 1) {
        const mutant = mutated(sent, random)
        let outcome: string
        try {
          await verify(mutant)
          const reason = sameBecause(sent, mutant, title)
          expect(reason, `accepted: ${JSON.stringify({ ...mutant, body: mutant.body.length })}`).toBeDefined()
          outcome = `accepted: ${reason}`
        } catch (error) {
          if (!EzError.isInstance(error)) throw error
          outcome = error.code
        }
        classes.set(outcome, (classes.get(outcome) ?? 0) + 1)
      }
    },
  )
})

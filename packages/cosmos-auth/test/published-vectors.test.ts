import type { SignResult } from '@ez/core'
import { describe, expect, it } from 'vitest'
import { cosmosAuth } from '../src/index.ts'
import { readPublished } from './folders.ts'
import { at, request } from './requests.ts'

interface Vector {
  id: string
  verb: string
  resourceType: string
  resourceLink: string
  date: string
  key?: string
  url?: string
  expected?: { authorization?: string; signature?: string; payload?: string }
  computed?: { payload: string; signature?: string; authorization?: string }
}

interface File {
  vectors: Vector[]
  derivedEdgeCases: Vector[]
  aad: { token: string; authorization: string }[]
}

const file = readPublished<File>('cosmos.json')
const vectors = file ? [...file.vectors, ...file.derivedEdgeCases] : []
const passed = { match: 0, fromUrl: 0, formatOnly: 0 }
const anyKey = 'bWFzdGVyIGtleQ=='

function sign(
  vector: Vector,
  url: string,
  given: object,
): { payload: string; signature: string; authorization: string } {
  const signer = cosmosAuth({ masterKey: vector.key ?? anyKey, ...given })
  const result = signer.sign(request(vector.verb, url), at(vector.date)) as SignResult
  const [payload, signature] = result.trace.map((stage) => stage.value)
  return {
    payload: payload as string,
    signature: signature as string,
    authorization: result.patch.headers.authorization as string,
  }
}

function check(vector: Vector, signed: ReturnType<typeof sign>): void {
  const expected = { ...vector.computed, ...vector.expected }
  expect(signed.payload).toBe(expected.payload ?? signed.payload)
  expect(signed.signature).toBe(expected.signature ?? signed.signature)
  // .NET writes the triplets in lower case; the service decodes them.
  if (expected.authorization)
    expect(decodeURIComponent(signed.authorization)).toBe(decodeURIComponent(expected.authorization))
}

describe.skipIf(!file)('published Cosmos DB vectors', () => {
  it.each(vectors)('$id', (vector) => {
    if (vector.id === 'docs-query-example') {
      // Its key is not published; the form of the header is all there is to compare.
      expect(vector.expected?.authorization).toMatch(/^type%3dmaster%26ver%3d1\.0%26sig%3d/)
      passed.formatOnly += 1
      return
    }
    const { resourceType, resourceLink } = vector
    check(
      vector,
      sign(vector, vector.url ?? 'https://account.documents.azure.com/', { resourceType, resourceLink }),
    )
    passed.match += 1
    if (vector.url) {
      check(vector, sign(vector, vector.url, {}))
      passed.fromUrl += 1
    }
  })

  it.each(file?.aad ?? [])('Entra token', ({ token, authorization }) => {
    const result = cosmosAuth({ aadToken: token }).sign(
      request('GET', 'https://a.documents.azure.com/dbs'),
      at(0),
    ) as SignResult
    expect(result.patch.headers.authorization).toBe(authorization)
  })
})

it.runIf(file)('runs every published vector', () => {
  console.log(`cosmos-auth cosmos.json: ${JSON.stringify(passed)} of ${vectors.length}`)
  expect(passed.match + passed.formatOnly).toBe(vectors.length)
})

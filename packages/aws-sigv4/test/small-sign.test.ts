import { readFileSync } from 'node:fs'
import { type AwsSigV4Options, awsSigV4 } from '@ez/aws-sigv4'
import { sign } from '@ez/core/sign'
import { contextOf, parseVectors, requestOf } from '@ez/core/testing'
import { expect, test } from 'vitest'

const vectors = ['botocore', 's3-documentation'].flatMap((name) =>
  parseVectors(JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'))),
)

test.each(vectors.map((vector) => [vector.title, vector] as const))(
  'sign of core/sign writes what the vector says: %s',
  async (_, vector) => {
    const signer = awsSigV4(vector.options as unknown as AwsSigV4Options)
    const signed = await sign(requestOf(vector), signer, { clock: () => contextOf(vector).now() })
    const { headers = {}, query = [] } = vector.expected
    for (const [name, value] of Object.entries(headers)) expect(signed.headers.get(name)).toBe(value)
    expect([...new URL(signed.url).searchParams]).toEqual(
      expect.arrayContaining(query.map((pair) => [...pair])),
    )
    expect(Object.keys(headers).length + query.length).toBeGreaterThan(1)
  },
)

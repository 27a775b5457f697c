import { awsSigV4 } from '@ez/aws-sigv4'
import { type AwsSigV4HeaderOptions, awsSigV4 as headerSigner } from '@ez/aws-sigv4/header'
import { expect, it } from 'vitest'
import { contextAt } from './support/official-suite.ts'
import { baseOptions, bytes, instant } from './support/signing.ts'

it.each(['execute-api', 's3'])('the small entry signs for %s what the whole package signs', (service) => {
  const options = { ...baseOptions, service } as AwsSigV4HeaderOptions
  const request = {
    method: 'PUT',
    url: 'https://host.example.com/a%20b?x=1',
    headers: [['content-type', 'text/plain'] as const],
    body: bytes('a'),
  }
  const context = contextAt(instant)
  expect(headerSigner(options).sign(request, context)).toEqual(awsSigV4(options).sign(request, context))
  expect(headerSigner(options).writes).toEqual(awsSigV4(options).writes)
})

it.each<object>([{ placement: 'query' }, { payload: 'chunks' }, { chunkSize: 8192 }])(
  'the small entry refuses %j, which it cannot do',
  (more) => {
    expect(() => headerSigner({ ...baseOptions, ...more } as AwsSigV4HeaderOptions)).toThrow(
      expect.objectContaining({ code: 'EZ_OPTION_INVALID' }),
    )
  },
)

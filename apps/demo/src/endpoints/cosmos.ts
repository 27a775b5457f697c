import type { EzError } from '@ez/core'
import { verifyCosmosAuth } from '@ez/cosmos-auth/verify'
import { known, masterKeyOfCosmos } from './accounts.ts'
import { type Endpoint, type EndpointContext, json, refusalOf, stageOf } from './endpoint.ts'

const toleranceSeconds = 900

/** Azure Cosmos DB for NoSQL: creates, queries and reads documents. */
export const cosmos: Endpoint = {
  vendor: 'Azure Cosmos DB',
  hosts: [known('cosmos_host')],
  paths: /^\/dbs\//,
  async answer(request, context) {
    const activityId = crypto.randomUUID()
    try {
      await verifyCosmosAuth(request, {
        secretFor: masterKeyOfCosmos,
        now: context.now,
        maxSkewSeconds: toleranceSeconds,
        ...(context.url === undefined ? {} : { url: context.url }),
      })
      if (!request.headers.has('x-ms-version'))
        return problem(400, 'BadRequest', 'The required header x-ms-version is missing.', activityId)
      return await serve(request, activityId)
    } catch (error) {
      return refuse(refusalOf(error), request, context, activityId)
    }
  },
}

async function serve(request: Request, activityId: string): Promise<Response> {
  const isQuery = request.headers.get('x-ms-documentdb-isquery')?.toLowerCase() === 'true'
  const document = { id: known('order_id'), customer: known('customer'), total: 19.9 }
  if (isQuery) {
    if (request.headers.get('content-type') !== 'application/query+json')
      return problem(400, 'BadRequest', 'A query needs the content type application/query+json.', activityId)
    return json(200, { _rid: 'QLcoAN8sMwA=', Documents: [stored(document)], _count: 1 })
  }
  if (!request.headers.has('x-ms-documentdb-partitionkey'))
    return problem(400, 'BadRequest', 'The partition key supplied is missing.', activityId)
  if (request.method === 'POST') return json(201, stored((await request.json()) as Record<string, unknown>))
  const id = decodeURIComponent(new URL(request.url).pathname.split('/').at(-1) ?? '')
  return id === document.id
    ? json(200, stored(document))
    : problem(404, 'NotFound', 'Entity with the specified id does not exist in the system.', activityId)
}

function stored(document: Record<string, unknown>): Record<string, unknown> {
  return {
    ...document,
    _rid: 'QLcoAN8sMwABAAAAAAAAAA==',
    _etag: '"0000d826-0000-0700-0000-6740a1b20000"',
    _ts: 1732288946,
  }
}

function refuse(refusal: EzError, request: Request, context: EndpointContext, activityId: string): Response {
  if (refusal.code === 'EZ_CLOCK_SKEW') {
    const start = request.headers.get('x-ms-date') ?? ''
    const expiry = new Date(Date.parse(start) + toleranceSeconds * 1000).toUTCString()
    return problem(
      403,
      'Forbidden',
      'The authorization token is not valid at the current time. Please create another token and retry ' +
        `(token start time: ${start}, token expiry time: ${expiry}, current server time: ${context.now().toUTCString()}).`,
      activityId,
    )
  }
  if (refusal.code === 'EZ_SIGNATURE_MISMATCH')
    return problem(
      401,
      'Unauthorized',
      "The input authorization token can't serve the request. Please check that the expected payload is built as per " +
        'the protocol, and check the key being used. Server used the following payload to sign: ' +
        `'${stageOf(refusal, 'string-to-sign')}'`,
      activityId,
    )
  return problem(401, 'Unauthorized', `The authorization header is not valid (${refusal.code}).`, activityId)
}

function problem(status: number, code: string, message: string, activityId: string): Response {
  const text = `${message}\r\nActivityId: ${activityId}, Microsoft.Azure.Documents.Common/2.14.0`
  return json(status, { code, message: text }, { 'x-ms-activity-id': activityId })
}

import { cosmos } from './cosmos.ts'
import type { Endpoint, EndpointContext } from './endpoint.ts'
import { loginWithAmazon } from './login-with-amazon.ts'
import { netsuite } from './netsuite.ts'
import { s3 } from './s3.ts'
import { spApi } from './sp-api.ts'

/** Every vendor's endpoint. */
export const endpoints: readonly Endpoint[] = [spApi, loginWithAmazon, s3, netsuite, cosmos]

/** An endpoint's answer, with the vendor's clock in it (RFC 9110, section 6.6.1). */
export async function answer(
  endpoint: Endpoint,
  request: Request,
  context: EndpointContext,
): Promise<Response> {
  const response = await endpoint.answer(request, context)
  response.headers.set('date', context.now().toUTCString())
  return response
}

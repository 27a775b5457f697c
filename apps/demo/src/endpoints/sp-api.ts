import { verifyAwsSigV4 } from '@ez/aws-sigv4/verify'
import type { EzError } from '@ez/core'
import { known, secretOfAwsKey } from './accounts.ts'
import { bytesOf, type Endpoint, type EndpointContext, json, refusalOf, stageOf } from './endpoint.ts'
import { amazonTokens } from './login-with-amazon.ts'

const toleranceSeconds = 300

/** Amazon SP-API, as it answered while it checked signatures (until October 2023). */
export const spApi: Endpoint = {
  vendor: 'Amazon SP-API',
  hosts: [known('spapi_host')],
  paths: /^\/reports\//,
  async answer(request, context) {
    try {
      const { body } = await verifyAwsSigV4(request, {
        service: 'execute-api',
        region: known('aws_region'),
        secretFor: secretOfAwsKey,
        now: context.now,
        maxSkewSeconds: toleranceSeconds,
        ...(context.url === undefined ? {} : { url: context.url }),
      })
      // Signed with the rest, as every x-amz-* header is; a request with the signature alone has none.
      const token = request.headers.get('x-amz-access-token')
      if (token !== null && !amazonTokens.isGood(token, context.now()))
        return errors(403, 'Unauthorized', 'The access token you provided is revoked, malformed or invalid.')
      return request.method === 'POST' ? createReport(await bytesOf(body)) : listReports(new URL(request.url))
    } catch (error) {
      return refuse(refusalOf(error), request, context)
    }
  },
}

function createReport(body: Uint8Array): Response {
  const { reportType, marketplaceIds } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>
  if (typeof reportType !== 'string' || !Array.isArray(marketplaceIds))
    return errors(400, 'InvalidInput', 'reportType must be a string and marketplaceIds an array.')
  return json(202, { reportId: '50014018958' }, { 'x-amzn-requestid': crypto.randomUUID() })
}

function listReports(url: URL): Response {
  const reportType = url.searchParams.get('reportTypes')
  if (reportType === null) return errors(400, 'InvalidInput', 'reportTypes or nextToken is required.')
  const processingStatus = url.searchParams.get('processingStatuses')?.split(',')[0]
  const report = {
    reportId: '50014018958',
    reportType,
    processingStatus,
    createdTime: url.searchParams.get('createdSince'),
  }
  return json(200, { reports: [report] }, { 'x-amzn-requestid': crypto.randomUUID() })
}

function refuse(refusal: EzError, request: Request, context: EndpointContext): Response {
  if (refusal.code === 'EZ_CLOCK_SKEW') {
    const signed = request.headers.get('x-amz-date') ?? ''
    const oldest = amzDate(context.now().getTime() - toleranceSeconds * 1000)
    return errors(
      403,
      'InvalidSignature',
      `Signature expired: ${signed} is now earlier than ${oldest} (${amzDate(context.now().getTime())} - 5 min.)`,
    )
  }
  if (refusal.code === 'EZ_SIGNATURE_MISMATCH')
    return errors(
      403,
      'InvalidSignature',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access ' +
        'Key and signing method. Consult the service documentation for details.\n\n' +
        `The Canonical String for this request should have been\n'${stageOf(refusal, 'canonical-request')}'\n\n` +
        `The String-to-Sign should have been\n'${stageOf(refusal, 'string-to-sign')}'\n`,
    )
  return errors(403, 'Unauthorized', `Access to requested resource is denied. (${refusal.code})`)
}

function errors(status: number, code: string, message: string): Response {
  return json(status, { errors: [{ message, code }] }, { 'x-amzn-requestid': crypto.randomUUID() })
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

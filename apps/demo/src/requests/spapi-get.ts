import type { DemoRequest } from '../model.ts'
import { spApiSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** Example 3 of the pre-request script guide, with query parameters that must be signed in their order. */
export const spapiGet: DemoRequest = {
  name: 'spapi-get',
  title: 'List finished reports',
  vendor: 'Amazon SP-API',
  template: {
    method: 'GET',
    url: 'https://{{spapi_host}}/reports/2021-06-30/reports',
    query: {
      reportTypes: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL',
      processingStatuses: 'DONE,FATAL',
      pageSize: '{{page_size}}',
      createdSince: '{%yesterday%}T00:00:00Z',
    },
    headers: { accept: 'application/json' },
    preRequest: [spApiSigner],
  },
  accepted: { status: 200, says: '"processingStatus"' },
  tamper: inUrl('pageSize=10', 'pageSize=100'),
  refused: {
    'wrong-key': {
      status: 403,
      code: 'InvalidSignature',
      says: 'The Canonical String for this request should have been',
    },
    tampered: {
      status: 403,
      code: 'InvalidSignature',
      says: 'The Canonical String for this request should have been',
    },
    'stale-clock': { status: 403, code: 'InvalidSignature', says: 'Signature expired: ' },
  },
}

import type { DemoRequest } from '../model.ts'
import { spApiSigner } from '../signers.ts'
import { inBody } from '../tamper.ts'

/** Example 2 of the pre-request script guide: a report over yesterday, for a typed array of marketplaces. */
export const spapiPost: DemoRequest = {
  name: 'spapi-post',
  title: 'Create an all-orders report',
  vendor: 'Amazon SP-API',
  template: {
    method: 'POST',
    url: 'https://{{spapi_host}}/reports/2021-06-30/reports',
    body: {
      json: {
        reportType: 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL',
        dataStartTime: '{%yesterday%}T00:00:01',
        dataEndTime: '{%yesterday%}T23:59:59',
        marketplaceIds: '{{marketplace_ids}}',
      },
    },
    preRequest: [spApiSigner],
  },
  accepted: { status: 202, says: '"reportId"' },
  tamper: inBody('T23:59:59', 'T12:00:00'),
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

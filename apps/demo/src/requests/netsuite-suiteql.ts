import type { DemoRequest } from '../model.ts'
import { netsuiteSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** A SuiteQL page: `limit` and `offset` are signed and stay out of the header. */
export const netsuiteSuiteql: DemoRequest = {
  name: 'netsuite-suiteql',
  title: 'Query with SuiteQL',
  vendor: 'NetSuite',
  template: {
    method: 'POST',
    url: 'https://{{netsuite_host}}/services/rest/query/v1/suiteql',
    query: { limit: '{{page_size}}', offset: '{{page_offset}}' },
    headers: { prefer: 'transient' },
    body: { json: { q: "SELECT id, email FROM customer WHERE isinactive = 'F'" } },
    preRequest: [netsuiteSigner],
  },
  accepted: { status: 200, says: '"totalResults"' },
  tamper: inUrl('limit=10', 'limit=1000'),
  refused: {
    'wrong-key': { status: 401, code: 'INVALID_LOGIN', says: 'Login Audit Trail' },
    tampered: { status: 401, code: 'INVALID_LOGIN', says: 'Login Audit Trail' },
    'stale-clock': { status: 401, code: 'INVALID_LOGIN', says: 'Login Audit Trail' },
  },
  note: 'NetSuite does not sign JSON bodies, and does not tell why a login failed.',
}

import type { DemoRequest } from '../model.ts'
import { netsuiteSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** A RESTlet call: `script` and `deploy` are signed. */
export const netsuiteRestlet: DemoRequest = {
  name: 'netsuite-restlet',
  title: 'Call a RESTlet',
  vendor: 'NetSuite',
  template: {
    method: 'POST',
    url: 'https://{{netsuite_restlet_host}}/app/site/hosting/restlet.nl?script=6&deploy=1',
    body: { json: { recordtype: 'salesorder', externalId: '{{order_id}}' } },
    preRequest: [netsuiteSigner],
  },
  accepted: { status: 200, says: '"salesorder"' },
  tamper: inUrl('deploy=1', 'deploy=2'),
  refused: {
    'wrong-key': { status: 401, code: 'INVALID_LOGIN_ATTEMPT', says: 'Invalid login attempt.' },
    tampered: { status: 401, code: 'INVALID_LOGIN_ATTEMPT', says: 'Invalid login attempt.' },
    'stale-clock': { status: 401, code: 'INVALID_LOGIN_ATTEMPT', says: 'Invalid login attempt.' },
  },
  note: 'NetSuite does not sign JSON bodies, and does not tell why a login failed.',
}

import type { DemoRequest } from '../model.ts'
import { netsuiteLogin } from '../signers.ts'
import { endOfHeader } from '../tamper.ts'
import { netsuiteSuiteql } from './netsuite-suiteql.ts'

/** The same query with an OAuth 2.0 token, machine to machine. */
export const netsuiteM2m: DemoRequest = {
  ...netsuiteSuiteql,
  name: 'netsuite-m2m',
  title: 'Query with SuiteQL, machine to machine',
  steps: () => [netsuiteLogin()],
  tamper: endOfHeader('authorization'),
  refused: {
    'wrong-key': { code: 'EZ_TOKEN_REFUSED', says: 'invalid_client' },
    tampered: { status: 401, code: 'INVALID_LOGIN', says: 'Login Audit Trail' },
    'stale-clock': { code: 'EZ_TOKEN_REFUSED', says: 'invalid_client' },
  },
  note: 'A bearer token protects nothing but itself, so the token is what is changed on the way.',
}

import { pythonScript } from '@ez/python'
import type { DemoRequest } from '../model.ts'
import { netsuiteSuiteql } from './netsuite-suiteql.ts'

/** The same query, signed by a script in Python whose output the template places. */
export const netsuitePython: DemoRequest = {
  ...netsuiteSuiteql,
  name: 'netsuite-python',
  title: 'Query with SuiteQL, signed in Python',
  template: {
    ...netsuiteSuiteql.template,
    headers: { prefer: 'transient', authorization: '{%signature%}' },
    preRequest: [pythonScript({ file: new URL('../../requests/scripts/netsuite.py', import.meta.url) })],
  },
  sameAs: netsuiteSuiteql,
}

import { fileURLToPath } from 'node:url'
import { javascriptScript } from '@ez/javascript'
import type { DemoRequest } from '../model.ts'
import { netsuiteSuiteql } from './netsuite-suiteql.ts'

/** The same query, signed by a script in JavaScript that sets the header itself. */
export const netsuiteJavascript: DemoRequest = {
  ...netsuiteSuiteql,
  name: 'netsuite-javascript',
  title: 'Query with SuiteQL, signed in JavaScript',
  template: {
    ...netsuiteSuiteql.template,
    preRequest: [
      javascriptScript({
        file: fileURLToPath(new URL('../../requests/scripts/netsuite.js', import.meta.url)),
      }),
    ],
  },
  sameAs: netsuiteSuiteql,
}

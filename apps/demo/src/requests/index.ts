import type { DemoRequest } from '../model.ts'
import { cosmosCreate } from './cosmos-create.ts'
import { cosmosQuery } from './cosmos-query.ts'
import { cosmosRead } from './cosmos-read.ts'
import { netsuiteJavascript } from './netsuite-javascript.ts'
import { netsuiteM2m } from './netsuite-m2m.ts'
import { netsuitePython } from './netsuite-python.ts'
import { netsuiteRestlet } from './netsuite-restlet.ts'
import { netsuiteSuiteql } from './netsuite-suiteql.ts'
import { s3PutBinary } from './s3-put-binary.ts'
import { s3PutText } from './s3-put-text.ts'
import { spapiGet } from './spapi-get.ts'
import { spapiLwa } from './spapi-lwa.ts'
import { spapiPost } from './spapi-post.ts'

/** Every documented request, in the order in which the demo shows them. */
export const requests: readonly DemoRequest[] = [
  spapiPost,
  spapiGet,
  spapiLwa,
  s3PutText,
  s3PutBinary,
  netsuiteSuiteql,
  netsuitePython,
  netsuiteJavascript,
  netsuiteM2m,
  netsuiteRestlet,
  cosmosCreate,
  cosmosQuery,
  cosmosRead,
]

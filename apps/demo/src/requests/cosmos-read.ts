import type { DemoRequest } from '../model.ts'
import { cosmosSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** One document by name; a space in its id is signed as a space and sent as `%20`. */
export const cosmosRead: DemoRequest = {
  name: 'cosmos-read',
  title: 'Read a document by name',
  vendor: 'Azure Cosmos DB',
  template: {
    method: 'GET',
    url: 'https://{{cosmos_host}}/dbs/{{cosmos_database}}/colls/{{cosmos_container}}/docs/{{order_id}}',
    headers: { 'x-ms-documentdb-partitionkey': '["Zo\\u00eb"]' },
    preRequest: [cosmosSigner],
  },
  accepted: { status: 200, says: '"Order 42"' },
  tamper: inUrl('/docs/Order%2042', '/docs/Order%2043'),
  refused: {
    'wrong-key': { status: 401, code: 'Unauthorized', says: 'the following payload to sign' },
    tampered: { status: 401, code: 'Unauthorized', says: 'docs/Order 43' },
    'stale-clock': { status: 403, code: 'Forbidden', says: 'not valid at the current time' },
  },
  note: 'Cosmos DB signs verb, type, link and date: neither the body nor the query.',
}

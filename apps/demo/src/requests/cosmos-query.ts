import type { DemoRequest } from '../model.ts'
import { cosmosSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** A query with a parameter; the link that is signed is the container's. */
export const cosmosQuery: DemoRequest = {
  name: 'cosmos-query',
  title: 'Query documents',
  vendor: 'Azure Cosmos DB',
  template: {
    method: 'POST',
    url: 'https://{{cosmos_host}}/dbs/{{cosmos_database}}/colls/{{cosmos_container}}/docs',
    headers: {
      'content-type': 'application/query+json',
      'x-ms-documentdb-isquery': 'True',
      'x-ms-documentdb-query-enablecrosspartition': 'True',
    },
    body: {
      json: {
        query: 'SELECT * FROM o WHERE o.customer = @customer',
        parameters: [{ name: '@customer', value: '{{customer}}' }],
      },
    },
    preRequest: [cosmosSigner],
  },
  accepted: { status: 200, says: '"Documents"' },
  tamper: inUrl('/dbs/Shop/', '/dbs/Archive/'),
  refused: {
    'wrong-key': { status: 401, code: 'Unauthorized', says: 'the following payload to sign' },
    tampered: { status: 401, code: 'Unauthorized', says: 'dbs/Archive/colls/Orders' },
    'stale-clock': { status: 403, code: 'Forbidden', says: 'not valid at the current time' },
  },
  note: 'Cosmos DB signs verb, type, link and date: neither the body nor the query.',
}

import type { DemoRequest } from '../model.ts'
import { cosmosSigner } from '../signers.ts'
import { inUrl } from '../tamper.ts'

/** A new document; the link that is signed is the container's. */
export const cosmosCreate: DemoRequest = {
  name: 'cosmos-create',
  title: 'Create a document',
  vendor: 'Azure Cosmos DB',
  template: {
    method: 'POST',
    url: 'https://{{cosmos_host}}/dbs/{{cosmos_database}}/colls/{{cosmos_container}}/docs',
    headers: { 'x-ms-documentdb-partitionkey': '["Zo\\u00eb"]' },
    body: { json: { id: '{{order_id}}', customer: '{{customer}}', placed: '{%today%}', total: 19.9 } },
    preRequest: [cosmosSigner],
  },
  accepted: { status: 201, says: '"_etag"' },
  tamper: inUrl('/colls/Orders/', '/colls/Refunds/'),
  refused: {
    'wrong-key': { status: 401, code: 'Unauthorized', says: 'the following payload to sign' },
    tampered: { status: 401, code: 'Unauthorized', says: 'dbs/Shop/colls/Refunds' },
    'stale-clock': { status: 403, code: 'Forbidden', says: 'not valid at the current time' },
  },
  note: 'Cosmos DB signs verb, type, link and date: neither the body nor the query.',
}

// The pages of SuiteQL to a CSV file, as a person writes the loop: undici, csv-stringify, and nothing else.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { stringify } from 'csv-stringify'
import { request } from 'undici'

const [origin, file] = [process.argv[2] as string, process.argv[3] as string]
const csv = stringify({
  header: true,
  columns: ['id', 'email', 'companyname', 'lastmodifieddate', 'balance'],
})
const out = csv.pipe(createWriteStream(file))
let more = true
for (let offset = 0; more; offset += 1000) {
  const answer = await request(`${origin}/suiteql?limit=1000&offset=${offset}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'transient' },
    body: JSON.stringify({ q: 'SELECT id FROM customer ORDER BY id' }),
  })
  const page = (await answer.body.json()) as { readonly items: object[]; readonly hasMore: boolean }
  for (const item of page.items) if (!csv.write(item)) await once(csv, 'drain')
  more = page.hasMore
}
csv.end()
await once(out, 'close')

// Prints by how many MiB 1,000 runs grew the process, after 2,000 to warm up.
import { fileURLToPath } from 'node:url'
import { prepare } from '@ez/core'
import { javascriptScript } from '@ez/javascript'

const file = fileURLToPath(new URL('../../fixtures/cosmos.js', import.meta.url))
const script = javascriptScript({ file })
const variables = {
  master_key: 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw==',
}

async function runs(count) {
  for (let index = 0; index < count; index += 1)
    await prepare(
      {
        method: 'GET',
        url: `https://account.documents.azure.com/dbs/a/colls/b/docs/${index}`,
        preRequest: [script],
      },
      { variables },
    )
}

await runs(2000)
const before = process.memoryUsage.rss()
await runs(1000)
console.log((process.memoryUsage.rss() - before) / 1024 / 1024)

// A server in a process of its own that answers as NetSuite's SuiteQL does: so many rows as the first parameter says, page
// by page, by limit and offset. Tells its port.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const total = Number(process.argv[2])
const rowOf = (index: number): object => ({
  links: [],
  id: String(index + 1),
  email: `customer${index + 1}@example.com`,
  companyname: `Customer, number ${index + 1}`,
  lastmodifieddate: '2026-03-03',
  balance: index / 4,
})
const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://host')
  const offset = Number(searchParams.get('offset'))
  const end = Math.min(total, offset + Number(searchParams.get('limit')))
  const items = Array.from({ length: end - offset }, (_, index) => rowOf(offset + index))
  const page = { links: [], count: items.length, hasMore: end < total, items, offset, totalResults: total }
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(page))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.once('disconnect', () => process.exit())

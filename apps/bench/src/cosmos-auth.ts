import type { ResolvedRequest, SignContext } from '@ez/core'
import { createHmacKey, hmac, sha256, utf8 } from '@ez/core/crypto'
import { cosmosAuth } from '@ez/cosmos-auth'
import type { BenchGroup } from './group.ts'
import type { BenchCase } from './harness.ts'

type GenerateHeaders = (
  key: string,
  method: string,
  type: string,
  link: string,
  date: Date,
) => Promise<object>

// Microsoft's published example key.
const masterKey = 'dsZQi3KtZmCv1ljt3VNWNm7sQUF1y5rJfC6kv5JiwvW0EndXdDku/dkKBp8/ufDToSxLzR4y+O/0H/t4bQtVNw=='
const start = Date.UTC(2026, 0, 15, 12, 36)

const links = Array.from({ length: 1024 }, (_, index) => `dbs/ToDoList/colls/Items/docs/item-${index}`)
const requests = links.map(
  (link): ResolvedRequest => ({
    method: 'GET',
    url: `https://account.documents.azure.com/${link}`,
    headers: [],
    body: null,
  }),
)
// What is given to every signer is there before: requests, and a clock that moves by 7 ms from one to the next.
const dates = requests.map((_, index) => new Date(start + index * 7))
const contexts = dates.map((now): SignContext => ({ now: () => now, nonce: () => '' }))

const at = <Item>(ring: readonly Item[], index: number): Item => ring[index % ring.length] as Item

async function cases(): Promise<BenchCase[]> {
  // Not among its exports, and the very function that its client signs with.
  const inside = new URL('../node_modules/@azure/cosmos/dist/esm/utils/headers.js', import.meta.url).href
  const { generateHeaders } = (await import(inside)) as { generateHeaders: GenerateHeaders }
  const signer = cosmosAuth({ masterKey })
  const messages = requests.map((request, index) => {
    const result = signer.sign(request, at(contexts, index))
    if (result instanceof Promise) throw new Error('signed asynchronously')
    return utf8(result.trace[0]?.value ?? '')
  })
  const key = createHmacKey(sha256, Buffer.from(masterKey, 'base64'))
  return [
    { name: '@ez/cosmos-auth', run: (index) => signer.sign(at(requests, index), at(contexts, index)) },
    {
      name: '@azure/cosmos, generateHeaders',
      run: (index) => generateHeaders(masterKey, 'GET', 'docs', at(links, index), at(dates, index)),
      goal: 2,
    },
    {
      name: 'floor: 1 HMAC from cached pads',
      run: (index) => hmac(key, at(messages, index), 'base64'),
      floor: true,
      goal: 1.8,
    },
  ]
}

export const groups: readonly BenchGroup[] = [
  { title: 'cosmos-auth: header, an item by name', cases, options: { rounds: 31, clock: 'processor' } },
]

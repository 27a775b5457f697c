import { verifyAzureStorage } from '@ez/azure-storage/verify'
import { describe, expect, it } from 'vitest'

const now = new Date('2026-01-15T12:36:00Z')
const authorization = 'SharedKey myaccount:YWJjZA=='

/** Counts how often a string method or a Map is asked while something runs. */
async function workOf(run: () => Promise<unknown>): Promise<number> {
  let count = 0
  const restore: (() => void)[] = []
  const watch = (prototype: object, name: string): void => {
    const own = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
    const original = own.value as (...given: unknown[]) => unknown
    Object.defineProperty(prototype, name, {
      ...own,
      value(this: unknown, ...given: unknown[]) {
        count += 1
        return original.apply(this, given)
      },
    })
    restore.push(() => Object.defineProperty(prototype, name, own))
  }
  for (const name of ['toLowerCase', 'indexOf', 'split', 'slice', 'replace', 'startsWith'])
    watch(String.prototype, name)
  for (const name of ['get', 'has', 'set']) watch(Map.prototype, name)
  for (const name of ['find', 'filter', 'push', 'some', 'includes']) watch(Array.prototype, name)
  try {
    await run()
  } finally {
    for (const undo of restore) undo()
  }
  return count
}

function request(parameters: number, headers: number) {
  const query = Array.from({ length: parameters }, (_, index) => `p${index}=${index}`).join('&')
  const own = Array.from({ length: headers }, (_, index) => [`x-ms-meta-h${index}`, 'v'] as [string, string])
  return {
    method: 'GET',
    url: `https://myaccount.blob.core.windows.net/c?${query}`,
    headers: [['authorization', authorization], ['x-ms-date', now.toUTCString()], ...own] as [
      string,
      string,
    ][],
    body: null,
  }
}

const refused = (parameters: number, headers: number, key: string | undefined) =>
  verifyAzureStorage(request(parameters, headers), { secretFor: () => key, now }).catch(() => undefined)

describe('the work of a refusal grows with the request, not with its square', () => {
  it.each([
    ['query parameters', 500, 0],
    ['headers', 0, 500],
  ])('for %s', async (_, parameters, headers) => {
    const once = await workOf(() => refused(parameters, headers, 'b3RoZXI='))
    const twice = await workOf(() => refused(parameters * 2, headers * 2, 'b3RoZXI='))
    expect(once).toBeGreaterThan(500)
    expect(twice / once).toBeLessThan(2.3)
  })

  it('and nothing is hashed or read for an account that is not known', async () => {
    let reads = 0
    const body = new ReadableStream({
      pull(controller) {
        reads += 1
        controller.enqueue(new Uint8Array(1024))
        if (reads > 100) controller.close()
      },
    })
    const asked = verifyAzureStorage({ ...request(1, 1), body }, { secretFor: () => undefined, now })
    await expect(asked).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
    expect(reads).toBeLessThan(2)
  })
})

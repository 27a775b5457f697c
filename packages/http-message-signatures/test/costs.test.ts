import { verifyHttpMessageSignatures } from '@ez/http-message-signatures/verify'
import { describe, expect, it } from 'vitest'

const now = new Date('2026-01-15T12:36:00Z')
const created = Math.floor(now.getTime() / 1000)

// What each call goes through: the items of a list, the characters of a text.
const ofLists = ['find', 'filter', 'map', 'flatMap', 'some', 'every', 'includes', 'join']
const ofTexts = ['split', 'trim', 'toLowerCase', 'replace', 'replaceAll', 'includes', 'codePointAt']

/** Counts the work of list and text methods while something runs: items and characters, not milliseconds. */
async function workOf(run: () => Promise<unknown>): Promise<number> {
  let count = 0
  const restore: (() => void)[] = []
  const watch = (prototype: object, name: string): void => {
    const own = Object.getOwnPropertyDescriptor(prototype, name) as PropertyDescriptor
    const original = own.value as (...given: unknown[]) => unknown
    Object.defineProperty(prototype, name, {
      ...own,
      value(this: { length: number }, ...given: unknown[]) {
        count += name === 'codePointAt' ? 1 : (this.length ?? 1)
        return original.apply(this, given)
      },
    })
    restore.push(() => Object.defineProperty(prototype, name, own))
  }
  for (const name of ofLists) watch(Array.prototype, name)
  for (const name of ofTexts) watch(String.prototype, name)
  // Of an expression what it reads: up to the end of its match, or of the text when it has to look everywhere.
  const exec = RegExp.prototype.exec
  RegExp.prototype.exec = function (text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0
    const match = exec.call(this, text)
    count += match ? match.index + match[0].length - from : this.sticky ? 1 : text.length - from
    return match
  }
  restore.push(() => {
    RegExp.prototype.exec = exec
  })
  try {
    await run()
  } finally {
    for (const undo of restore) undo()
  }
  return count
}

interface Shape {
  readonly components: readonly string[]
  readonly headers?: readonly (readonly [string, string])[]
  readonly query?: string
}

const count = (size: number, text: (index: number) => string): string[] =>
  Array.from({ length: size }, (_, index) => text(index))

const shapes: Readonly<Record<string, (size: number) => Shape>> = {
  'query parameters, each covered': (size) => ({
    components: count(size, (index) => `"@query-param";name="p${index}"`),
    query: count(size, (index) => `p${index}=${index}`).join('&'),
  }),
  'query parameters, one covered': (size) => ({
    components: ['"@query-param";name="p1"'],
    query: count(size, (index) => `p${index}=${index}`).join('&'),
  }),
  'headers, each covered': (size) => ({
    components: count(size, (index) => `"x-h${index}"`),
    headers: count(size, (index) => `x-h${index}`).map((name) => [name, 'v']),
  }),
  'members of one dictionary, each covered': (size) => ({
    components: count(size, (index) => `"x-d";key="k${index}"`),
    headers: [['x-d', count(size, (index) => `k${index}=${index}`).join(', ')]],
  }),
  'members of content-digest, each covered': (size) => ({
    components: count(size, (index) => `"content-digest";key="k${index}"`),
    headers: [['content-digest', count(size, (index) => `k${index}=:YQ==:`).join(', ')]],
  }),
  'lines of one header': (size) => ({
    components: ['"x-h"'],
    headers: count(size, () => 'v').map((value) => ['x-h', value]),
  }),
  'a header of blanks': (size) => ({
    components: ['"x-h"'],
    headers: [['x-h', `a${' '.repeat(size * 20)}b\r\n ${'\t'.repeat(size * 20)}c`]],
  }),
  'other labels': (size) => ({
    components: ['"@method"'],
    headers: [
      ['signature-input', count(size, (index) => `l${index}=("@path");created=${index}`).join(', ')],
      ['signature', count(size, (index) => `l${index}=:YQ==:`).join(', ')],
    ],
  }),
}

function request({ components, headers = [], query }: Shape) {
  return {
    method: 'POST',
    url: `https://example.com/a${query === undefined ? '' : `?${query}`}`,
    headers: [
      ...headers,
      ['signature-input', `sig1=(${components.join(' ')});created=${created};keyid="a"`],
      ['signature', 'sig1=:YWJjZA==:'],
    ] as [string, string][],
    body: new TextEncoder().encode('body'),
  }
}

const verify = (shape: Shape, known: boolean): Promise<unknown> =>
  verifyHttpMessageSignatures(request(shape), {
    secretFor: () => (known ? { algorithm: 'hmac-sha256', key: 'c2VjcmV0' } : undefined),
    requiredComponents: [],
    label: 'sig1',
    now,
  })

describe('the work of a refusal grows with the request, not with its square', () => {
  it.each(Object.entries(shapes))('for %s', async (_, shapeOf) => {
    const refused = (size: number) => verify(shapeOf(size), true).catch((error: unknown) => error)
    expect(await refused(10)).toMatchObject({ code: 'EZ_SIGNATURE_MISMATCH' })
    const once = await workOf(() => refused(400))
    const twice = await workOf(() => refused(800))
    expect(once).toBeGreaterThan(400)
    expect(twice / once).toBeLessThan(2.3)
  })

  it.each(Object.entries(shapes))(
    'and no component of %s is read for a key that is not known',
    async (_, shapeOf) => {
      await expect(verify(shapeOf(10), false)).rejects.toMatchObject({ code: 'EZ_KEY_UNKNOWN' })
    },
  )
})

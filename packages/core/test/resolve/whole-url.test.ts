import { describe, expect, it } from 'vitest'
import { type PrepareContext, prepare, type RequestTemplate, secret } from '../../src/index.ts'

const prepared = (template: Partial<RequestTemplate>, context: PrepareContext) =>
  prepare({ method: 'GET', url: '{{url}}', ...template }, context)
const presigned = 'https://bucket.example.com/a%20b?X-Sig=a%2Bb%2F&empty&x=1&x=2'

describe('a value that is the whole URL', () => {
  it('keeps its query byte for byte, from a variable and from an output', async () => {
    expect((await prepared({}, { variables: { url: presigned } })).url).toBe(presigned)
    expect((await prepared({ url: '{%url%}' }, { outputs: { url: presigned } })).url).toBe(presigned)
    expect((await prepared({ url: '{%url%}' }, { outputs: { url: secret(presigned) } })).url).toBe(presigned)
  })

  it('stands before the query of the template', async () => {
    for (const url of ['{{url}}', '{%url%}']) {
      const context = { variables: { url: presigned }, outputs: { url: presigned } }
      expect((await prepared({ url, query: { q: 'R&D' } }, context)).url).toBe(`${presigned}&q=R%26D`)
    }
  })

  it('is read as URL and query by scripts', async () => {
    let seen: unknown
    const script = {
      specVersion: 1 as const,
      id: 'see',
      run: ({ url, query }: { url: string; query: { get(name: string): string | null } }) => {
        seen = [url, query.get('X-Sig')]
      },
    }
    await prepared({ preRequest: [script] }, { variables: { url: presigned } })
    expect(seen).toEqual(['https://bucket.example.com/a%20b', 'a+b/'])
  })

  it('does not send a fragment, and encodes what no URL may hold', async () => {
    expect((await prepared({}, { variables: { url: 'https://a.example.com/x?q=a b#top' } })).url).toBe(
      'https://a.example.com/x?q=a%20b',
    )
  })

  it.each([
    ['user information', 'https://user:pass@a.example.com/x?q=1'],
    ['a backslash', 'https://a.example.com\\@b.example.com/?q=1'],
    ['no host', 'https:///x?q=1'],
  ])('is refused with %s', async (_title, url) => {
    await expect(prepared({}, { variables: { url } })).rejects.toMatchObject({ code: 'EZ_URL_HOST' })
  })

  it('may not come from data', async () => {
    await expect(prepared({}, { data: { url: presigned } })).rejects.toMatchObject({ code: 'EZ_URL_HOST' })
  })

  it('may have no query where the template goes on after it', async () => {
    await expect(prepared({ url: '{{url}}/x' }, { variables: { url: presigned } })).rejects.toMatchObject({
      code: 'EZ_URL_HOST',
    })
  })
})

describe('a value with a slash at its start, right after the host', () => {
  const variables = { host: 'a.example.com', uri: '/dbs/x y' }

  it('is the path', async () => {
    const { url } = await prepared({ url: 'https://{{host}}{{uri}}?q=1' }, { variables })
    expect(url).toBe('https://a.example.com/dbs/x%20y?q=1')
    expect((await prepared({ url: 'https://a.example.com{{uri}}' }, { variables })).url).toBe(
      'https://a.example.com/dbs/x%20y',
    )
  })

  it('may be a row, which still cannot change the host', async () => {
    const { url } = await prepared(
      { url: 'https://{{host}}{{uri}}' },
      { variables: { host: 'h' }, data: { uri: '/x' } },
    )
    expect(url).toBe('https://h/x')
    await expect(
      prepared(
        { url: 'https://{{host}}{{uri}}' },
        { variables: { host: 'h' }, data: { uri: '.evil.example' } },
      ),
    ).rejects.toMatchObject({ code: 'EZ_URL_HOST' })
  })

  it.each(['https://{{uri}}', 'https://{{uri}}{{host}}', 'https://x{{uri}}.example.com/'])(
    'is refused where it would cut a host: %s',
    async (url) => {
      await expect(prepared({ url }, { variables })).rejects.toMatchObject({ code: 'EZ_URL_HOST' })
    },
  )
})

describe('a runtime value in the value of a variable', () => {
  const url = 'https://a.example.com/'
  const startedAt = new Date('2026-03-04T05:06:07Z')

  it('is resolved when it is known beforehand', async () => {
    const variables = {
      day: 'on-{%today%}',
      id: 'r-{%report%}',
      literal: '\\{%today%}',
      part: { x: '{%today%}' },
    }
    const { url: sent } = await prepared(
      { url, query: { a: '{{day}}', b: '{{id}}', c: '{{literal}}', d: '{{part.x}}' } },
      { variables, outputs: { report: 7 }, startedAt },
    )
    expect(new URL(sent).searchParams.toString()).toBe(
      'a=on-2026-03-04&b=r-7&c=%7B%25today%25%7D&d=2026-03-04',
    )
  })

  it('is refused when only a script could give it, and nothing is sent', async () => {
    await expect(
      prepared({ url, query: { a: '{{v}}' } }, { variables: { v: 'r-{%n%}' } }),
    ).rejects.toMatchObject({
      code: 'EZ_TEMPLATE_INVALID',
      message: expect.stringContaining('variables.v: {%n%} is not known') as string,
    })
  })

  it('chooses no host', async () => {
    await expect(
      prepared(
        { url: '{{v}}/x' },
        { variables: { v: '{%base%}' }, outputs: { base: 'https://b.example.com' } },
      ),
    ).rejects.toMatchObject({ code: 'EZ_URL_HOST' })
  })
})

import { describe, expect, it } from 'vitest'
import { readCurl } from '../src/curl/index.ts'
import type { RequestValue } from '../src/index.ts'

const requests = (command: string): RequestValue[] => readCurl(command).map(({ request }) => request)
const notes = (command: string): string =>
  readCurl(command)
    .flatMap((entry) => entry.notes)
    .join('\n')

describe('cURL in a shell', () => {
  it('reads bytes and characters of $-quotes', () => {
    expect(
      requests(String.raw`curl https://a.example -d $'caf\xc3\xa9 \303\251 \u00e9 \ud83d\ude00 \'q\' \d'`)[0]
        ?.body,
    ).toEqual({
      text: "café é é 😀 'q' \\d",
    })
    expect(() => readCurl(String.raw`curl https://a.example -d $'\xff'`)).toThrow('no text in UTF-8')
  })

  it('reads several commands, and says what is beside them', () => {
    const command = `# first comes the token
export TOKEN=x
time curl -s https://a.example/token | jq -r .token   # and then
BASE=1 curl https://b.example/2 \\
  -H 'x-a: 1' > out.json 2>&1 && curl "https://c.example/3#x"`
    expect(requests(command)).toEqual([
      { method: 'GET', url: 'https://a.example/token' },
      { method: 'GET', url: 'https://b.example/2', headers: { 'x-a': '1' } },
      { method: 'GET', url: 'https://c.example/3#x' },
    ])
    expect(notes(command)).toBe('The command "export" beside curl was left out.')
  })

  it('reads what a here-document gives to standard input, as each option does', () => {
    const body = '{\n  "a": 1\n}'
    expect(requests(`curl https://a.example -d @- <<EOF\n${body}\nEOF\ncurl https://b.example`)).toEqual([
      {
        method: 'POST',
        url: 'https://a.example',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: { text: '{  "a": 1}' },
      },
      { method: 'GET', url: 'https://b.example' },
    ])
    expect(requests(`curl --json @- https://a.example <<'EOF'\n${body}\nEOF\n`)[0]?.body).toEqual({
      text: `${body}\n`,
    })
    expect(requests("curl https://a.example --data-binary @- <<< 'x y'")[0]?.body).toEqual({ text: 'x y\n' })
    expect(() => readCurl('curl https://a.example -d @- <<EOF\nx')).toThrow('no line "EOF"')
  })

  it('goes on with an option on the next line, though its backslash was lost', () => {
    expect(requests("curl https://a.example\n  -H 'x-a: 1'\n  -X PUT")).toEqual([
      { method: 'PUT', url: 'https://a.example', headers: { 'x-a': '1' } },
    ])
  })
})

describe('cURL by its own rules', () => {
  it('makes requests of several URLs and of --next', () => {
    expect(
      requests('curl -d a=1 https://a.example https://b.example --next -I https://c.example'),
    ).toMatchObject([
      { method: 'POST', url: 'https://a.example' },
      { method: 'POST', url: 'https://b.example' },
      { method: 'HEAD', url: 'https://c.example' },
    ])
    expect(requests('curl -d a=1 https://a.example -: https://c.example')[1]).toEqual({
      method: 'GET',
      url: 'https://c.example',
    })
  })

  it('puts the query before the fragment', () => {
    expect(requests("curl -G 'https://a.example/p?x=1#top' -d a=1 -d b=2")[0]?.url).toBe(
      'https://a.example/p?x=1&a=1&b=2#top',
    )
  })

  it('takes away what "-H name:" takes away, and sends what "-H name;" sends empty', () => {
    expect(requests("curl https://a.example -d a=1 -H 'Content-Type:' -H 'X-Empty;'")[0]).toEqual({
      method: 'POST',
      url: 'https://a.example',
      headers: { 'X-Empty': '' },
      body: { text: 'a=1' },
    })
  })

  it('reads letters together, values attached, and names cut short', () => {
    expect(requests('curl -sSLXPATCH -Hx-a:1 https://a.example --user-a me')[0]).toEqual({
      method: 'PATCH',
      url: 'https://a.example',
      headers: { 'x-a': '1', 'user-agent': 'me' },
    })
  })

  it('says that braces and brackets of a URL would be several URLs, unless -g says that they are none', () => {
    expect(notes("curl 'https://a.example/{b,c}'")).toContain('several URLs')
    expect(notes("curl 'https://a.example/[1-3]'")).toContain('several URLs')
    expect(notes("curl -g 'https://a.example/{b,c}'")).toBe('')
    expect(notes("curl 'http://[::1]:8080/x'")).toBe('')
  })

  it('reads region and service of --aws-sigv4 from the host, as curl does', () => {
    const step = (command: string) => requests(command)[0]?.preRequest?.[0]
    expect(step('curl --aws-sigv4 aws:amz -u A:B https://s3.eu-central-1.amazonaws.com/b/k')).toMatchObject({
      use: '@ez/aws-sigv4',
      with: { service: 's3', region: 'eu-central-1' },
    })
    expect(step('curl --aws-sigv4 aws:amz:eu-west-1 -u A:B https://sqs.x.amazonaws.com/')).toMatchObject({
      with: { service: 'sqs', region: 'eu-west-1' },
    })
    expect(step('curl --aws-sigv4 goog:goog -u A:B https://storage.googleapis.com/')?.blocked).toContain(
      'another vendor',
    )
    expect(step('curl --aws-sigv4 aws:amz -u A:B http://localhost/')?.blocked).toContain('leaves out')
  })

  it('blocks a scheme that has no counterpart, and sends no Basic in its place', () => {
    const [request] = requests('curl --ntlm -u a:b https://a.example')
    expect(request?.headers).toBeUndefined()
    expect(request?.preRequest?.[0]?.blocked).toContain('NTLM')
  })
})

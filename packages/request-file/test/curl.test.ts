import { describe, expect, it } from 'vitest'
import { readCurl } from '../src/curl/index.ts'

import type { ImportedRequest } from '../src/index.ts'

const first = (command: string): ImportedRequest => readCurl(command)[0] as ImportedRequest
const request = (command: string) => first(command).request
const notes = (command: string): string => first(command).notes.join('\n')

describe('cURL commands as people paste them', () => {
  it('reads what browsers copy for cmd.exe, apostrophes and line ends too', () => {
    const command = [
      'curl ^"https://api.example.com/x?a=1^&b=2^" ^',
      '  -H ^"x-note: it\'s^" ^',
      '  --data-raw ^"^{^\\^"a^\\^":1^}^',
      '',
      'end^"',
    ].join('\r\n')
    expect(request(command)).toMatchObject({
      method: 'POST',
      url: 'https://api.example.com/x?a=1&b=2',
      headers: { 'x-note': "it's" },
      body: { text: '{"a":1}\nend' },
    })
  })

  it('leaves a caret in a command for a shell as it is', () => {
    expect(request(`curl 'https://api.example.com' -d 'x ^"a'`).body).toEqual({ text: 'x ^"a' })
  })

  it('never takes the value of an option for the URL', () => {
    const command =
      'curl --resolve a:443:127.0.0.1 --max-redirs 3 -C - -U me:you --ciphers x https://api.example.com/z'
    expect(request(command).url).toBe('https://api.example.com/z')
    expect(notes(command)).toContain("curl's --resolve")
  })

  it('says which flag of ez does what an option did', () => {
    expect(notes('curl -k --cacert own.pem https://api.example.com')).toMatch(/-k is no part.*ez run --ca/)
  })

  it.each([
    ['a file of headers', 'curl -H @headers.txt https://a.example', 'headers.txt'],
    ['a file of cookies', 'curl -b jar.txt https://a.example', 'jar.txt'],
    ['a configuration', 'curl -K settings https://a.example', '-K'],
    ['a file among data', 'curl -d a=1 -d @more.txt https://a.example', 'more.txt'],
    ['a file of --data-urlencode', 'curl --data-urlencode q@more.txt https://a.example', 'more.txt'],
    ['standard input', 'curl -d @- https://a.example', 'standard input'],
    ['another host', 'curl -H "Host: b.example" https://a.example', 'Host: b.example'],
    ['a value of the shell', 'curl -H "X-A: $TOKEN" https://a.example', '$TOKEN'],
    ['a command of the shell', 'curl -d "`date`" https://a.example', '`date`'],
    ['no password', 'curl -u me https://a.example', 'password'],
  ])('says what was not kept: %s', (_what, command, said) => {
    expect(notes(command)).toContain(said)
  })

  it('does not speak of what the shell leaves alone', () => {
    expect(notes(`curl 'https://a.example' -d '$A' -H "X-A: \\$B"`)).toBe('')
  })

  it('leaves out what the sender writes itself', () => {
    const command =
      "curl 'https://a.example/' -H 'Host: a.example' -H 'Content-Length: 3' -H 'Connection: keep-alive' -d abc"
    expect(request(command).headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' })
  })

  it('reads parts of a form with quotes, several files and a name of their own', () => {
    expect(
      request(
        `curl https://a.example -H 'content-type: multipart/form-data' -F 'a=@"x y;z.txt";type=text/plain' -F 'b=@1.txt,2.txt' -F 'c=@d;filename="q;r.bin"' -F 'e=say "hi"'`,
      ),
    ).toEqual({
      method: 'POST',
      url: 'https://a.example',
      body: {
        multipart: [
          { name: 'a', contentType: 'text/plain', file: 'x y;z.txt' },
          { name: 'b', file: '1.txt' },
          { name: 'b', file: '2.txt' },
          { name: 'c', filename: 'q;r.bin', file: 'd' },
          { name: 'e', value: 'say "hi"' },
        ],
      },
    })
  })

  it('appends the name of an upload to a folder, sends user information as a header, and a range', () => {
    expect(request('curl -T ./a.txt https://me:p%40@a.example/up/ -r 0-9')).toMatchObject({
      method: 'PUT',
      url: 'https://a.example/up/a.txt',
      headers: { authorization: `Basic ${btoa('me:p@')}`, range: 'bytes=0-9' },
    })
  })
})

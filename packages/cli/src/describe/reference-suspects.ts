import { type Other, others } from './change.ts'

const hashes = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']
const encodings = ['hex', 'HEX', 'base64', 'base64url']
const percents = ['percent', 'percent:/', 'uri', 'form']
const alike: readonly (readonly string[])[] = [
  ['path', 'target', 'url', 'path|percent-decode', 'path|ends:/'],
  ['query', 'search', 'query|percent-decode', 'query|form-decode'],
  ['host', 'hostname'],
  [
    'body',
    'body|sha256|hex',
    'body|sha256|base64',
    'body|md5|hex',
    'body|md5|base64',
    'body|sha256',
    'body|trim',
    'body|json',
  ],
]

/** What else may be meant by what stands between braces: `body|sha256|hex`. */
export function referenceSuspects(written: string): Other[] {
  const [name = '', ...transforms] = written.split('|')
  const found: Other[] = []
  const add = (value: string, say = `{${value}} in the place of {${written}}`): void => {
    if (value !== written) found.push({ value, say })
  }
  for (const [index, transform] of transforms.entries()) {
    for (const group of [encodings, hashes, percents])
      if (group.includes(transform))
        for (const { value } of others(transform, group, String))
          add([name, ...transforms.with(index, String(value))].join('|'))
    add([name, ...transforms.toSpliced(index, 1)].join('|'))
  }
  const group = alike.find((names) => names.includes(name))
  for (const other of group ?? []) add([other, ...transforms].join('|'))
  if (transforms.length === 0 || transforms.some((transform) => /^(?:lower|upper|hex|HEX)$/.test(transform)))
    for (const letters of ['lower', 'upper']) add(`${written}|${letters}`)
  if (
    percents.every((one) => !transforms.includes(one)) &&
    !encodings.some((one) => transforms.includes(one))
  )
    for (const percent of ['percent', 'form', 'percent-decode']) add(`${written}|${percent}`)
  return found
}

/** What else a key may be made of: the text, the bytes that it encodes, or with something around it. */
export function keySuspects(key: unknown): Other[] {
  if (typeof key !== 'string') return []
  const reference = /^\{([^{}]*)\}$/.exec(key)?.[1] ?? key
  if (reference.includes('{')) {
    const [, name] = /\{([^{}|]*)[^{}]*\}/.exec(reference) ?? []
    return name === undefined ? [] : [{ value: name, say: 'the secret alone as the key' }]
  }
  const [name = '', ...transforms] = reference.split('|')
  const forms: readonly (readonly [string, string])[] = [
    [name, 'the text of the secret as the key, as it is written'],
    [`${name}|from-base64`, 'the secret decoded from base64 as the key'],
    [`${name}|from-base64url`, 'the secret decoded from base64url as the key'],
    [`${name}|from-hex`, 'the secret decoded from hex as the key'],
    [`${name}|base64`, 'the base64 of the secret as the key'],
    [`${name}|sha256`, 'the SHA-256 of the secret as the key'],
    [`${name}|sha256|hex`, 'the hex of the SHA-256 of the secret as the key'],
    [`${name}|trim`, 'the secret without white space around it as the key'],
    [`${name}|after:whsec_`, 'the secret without whsec_ as the key'],
    [`${name}|after:whsec_|from-base64`, 'the secret without whsec_, decoded from base64, as the key'],
    [`{${name}}&`, 'the secret and & behind it as the key'],
    [`{${name}}\n`, 'the secret and a line feed behind it as the key'],
    [`${name}|lower`, 'the secret in lower case as the key'],
    [`${name}|upper`, 'the secret in upper case as the key'],
  ]
  const now = [name, ...transforms].join('|')
  return forms.filter(([value]) => value !== now).map(([value, say]) => ({ value, say }))
}

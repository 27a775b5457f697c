// Where ez sends other bytes than newman, and why: by what the request of our own collection does.

/** @type {readonly { request: RegExp, what: RegExp, reason: string }[]} */
export const known = [
  {
    request: /"mode":"formdata"/,
    what: /^body/,
    reason: 'The names of the headers of a part are in lower case; receivers read them without case.',
  },
  {
    request: /odd=\[x\]/,
    what: /^request line/,
    reason:
      'Brackets are percent-encoded in a query: RFC 3986 does not allow them there, and runtimes disagree.',
  },
  {
    request: /url\.getPath\(\)\)"/,
    what: /^request line/,
    reason: 'A value that fills a query is encoded whole, so that it cannot be taken for a separator.',
  },
  {
    request: /request\.headers\[/,
    what: /^request line/,
    reason: 'request.headers has the names of headers as they are written; in newman it has no such key.',
  },
]

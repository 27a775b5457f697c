/** @type {import('@ez/javascript/script').Script} */
export default async (request, { variables, publish, nonce, now, fetch }) => {
  request.headers.set('x-a', `${nonce()} ${now().toISOString()} ${String(variables.a)}`)
  // @ts-expect-error A header is text.
  request.headers.set('x-a', 1)
  // @ts-expect-error There is no such body.
  request.setBody({ file: 'a' })
  request.setBody({ json: request.body.json() })
  publish('signature', { a: 1 })
  const response = await fetch?.('https://api.example.com/')
  request.query.set('status', String(response?.status))
}

/** `pm.request` and the old `request`: a Request of postman-collection, made of the draft when it is asked for. */
export const postmanRequest: string = `
let sdkRequest
let original
const currentRequest = () => {
  if (sdkRequest === undefined) {
    const { Request } = requireFrom('')('postman-collection/lib/collection/request')
    sdkRequest = new Request(given.request)
    original = snapshot()
  }
  return sdkRequest
}
const bodyData = () => {
  const { body } = currentRequest()
  if (body === undefined || body.isEmpty()) return ''
  if (body.mode === 'urlencoded' || body.mode === 'formdata') return body[body.mode].toObject(true)
  return body.toString()
}
const legacyRequest = {}
for (const [name, get] of entries({
  url: () => currentRequest().url.toString(),
  method: () => currentRequest().method,
  headers: () => currentRequest().headers.toObject(true, true),
  data: bodyData,
  name: () => given.info.requestName,
  id: () => given.info.requestId,
  description: () => undefined,
}))
  defineProperty(legacyRequest, name, { configurable: true, enumerable: true, get })
// What the draft is now; nothing when no script looked at it.
const editedRequest = () => (sdkRequest === undefined ? undefined : snapshot())
const snapshot = () => {
  const { method, url, headers, body } = sdkRequest
  const json = body === undefined || body.isEmpty() ? undefined : body.toJSON()
  return {
    method,
    url: url.toString(),
    header: headers.map(({ key, value, disabled }) => ({ key, value: value ?? '', ...(disabled ? { disabled } : {}) })),
    ...(json === undefined ? {} : { body: json }),
  }
}
`

// A collection whose requests and scripts call the recorder, whatever they called before.

/** @param {string} text JSON of a collection or an environment @param {number} port */
export function toLoopback(text, port) {
  const here = `http://127.0.0.1:${port}`
  const value = JSON.parse(text.replace(/https?:\/\/(?!schema\.getpostman\.com)[\w.-]+(?::\d+)?/g, here))
  moveUrls(value, port)
  return value
}

/** @param {unknown} value @param {number} port */
function moveUrls(value, port) {
  if (typeof value !== 'object' || value === null) return
  const url = /** @type {{ url?: any }} */ (value).url
  // Written in parts, the host is not in any text.
  if (typeof url === 'object' && url !== null && url.host !== undefined) {
    const host = [url.host].flat().join('.')
    if (!host.includes('{{'))
      Object.assign(url, { protocol: 'http', host: ['127', '0', '0', '1'], port: String(port) })
  }
  for (const one of Object.values(value)) moveUrls(one, port)
}

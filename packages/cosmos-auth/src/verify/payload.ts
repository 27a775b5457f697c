const databaseIdOfRid = (id: string): boolean => {
  try {
    // A database's RID is four bytes; `-` stands for `/` in it.
    return id.length === 8 && atob(id.replaceAll('-', '/')).length === 4
  } catch {
    return false
  }
}

/** The payload that the gateway signs for a request, from the request alone; `undefined` when the path is not UTF-8. */
export function expectPayload(
  method: string,
  url: URL,
  xMsDate: string | undefined,
  date: string,
): string | undefined {
  const parts = url.pathname.split('/').filter((part) => part !== '')
  let named: string[]
  try {
    named = parts.map((part) => decodeURIComponent(part))
  } catch {
    return undefined
  }
  if (/^\/dbs\/[^/]+\/colls\/[^/]+\/operations\/[^/]+\/?$/.test(url.pathname)) named = named.slice(0, 4)
  // Types stand at even places, ids at odd ones.
  const typeIndex = named.length === 0 ? -1 : named.length - 1 - ((named.length - 1) % 2)
  const type = named[typeIndex] ?? ''
  const target = named.length % 2 === 0 ? named : named.slice(0, typeIndex)
  let link = target.join('/')
  if (target[0] !== 'dbs' || (target[1] !== undefined && databaseIdOfRid(target[1])))
    link = (target[target.length - 1] ?? '').toLowerCase()
  const dates = xMsDate === undefined ? ['', date] : [xMsDate, '']
  return [method, type]
    .map((line) => line.toLowerCase())
    .concat(
      link,
      dates.map((line) => line.toLowerCase()),
      '',
    )
    .join('\n')
}

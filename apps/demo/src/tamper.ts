import type { DemoRequest } from './model.ts'

type Tamper = DemoRequest['tamper']

/** Replaces a text in the URL. */
export function inUrl(from: string, to: string): Tamper {
  return {
    what: `URL: ${from} became ${to}`,
    change: (parts) => ({ ...parts, url: replaced(parts.url, from, to) }),
  }
}

/** Replaces a text in the body. */
export function inBody(from: string, to: string): Tamper {
  return {
    what: `body: ${from} became ${to}`,
    change: (parts) => ({
      ...parts,
      body: new TextEncoder().encode(
        replaced(new TextDecoder().decode(parts.body ?? new Uint8Array()), from, to),
      ),
    }),
  }
}

/** Changes the last character of a header, such as that of a token. */
export function endOfHeader(name: string): Tamper {
  return {
    what: `header ${name}: the last character changed`,
    change: (parts) => {
      const headers = new Headers(parts.headers)
      const value = headers.get(name) ?? ''
      headers.set(name, value.slice(0, -1) + (value.endsWith('0') ? '1' : '0'))
      return { ...parts, headers }
    },
  }
}

/** Turns one bit of the body's last byte over. */
export const lastBit: Tamper = {
  what: 'body: one bit of the last byte turned over',
  change: (parts) => {
    const body = Uint8Array.from(parts.body ?? [])
    const last = body.length - 1
    body[last] = (body[last] ?? 0) ^ 1
    return { ...parts, body }
  },
}

// A change that changes nothing would prove nothing.
function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`tamper: "${from}" does not occur in the request.`)
  return text.replace(from, to)
}

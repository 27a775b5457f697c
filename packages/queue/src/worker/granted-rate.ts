import { headerOf, type Pairs } from '@ez/core'
import { parseList } from '@ez/core/structured-fields'

/** Windows that are longer than this, in seconds, are budgets of a day or so, and no pace. */
const longestWindow = 60

/**
 * Requests a second that a server grants; the lowest of several. `undefined` when it does not say.
 *
 * Source: draft-ietf-httpapi-ratelimit-headers-10 section 3 (`RateLimit-Policy: "default";q=100;w=10`); Amazon, "Usage
 * plans and rate limits in the Selling Partner API" (`x-amzn-RateLimit-Limit`).
 */
export function grantedRate(headers: Pairs): number | undefined {
  const amazon = Number(headerOf(headers, 'x-amzn-ratelimit-limit') ?? Number.NaN)
  if (Number.isFinite(amazon) && amazon > 0) return amazon
  const rates = policies(headerOf(headers, 'ratelimit-policy')).filter((rate) => rate > 0)
  return rates.length === 0 ? undefined : Math.min(...rates)
}

function policies(header: string | undefined): number[] {
  if (header === undefined) return []
  try {
    return parseList(header).flatMap(({ parameters }) => {
      const [quota, window] = [Number(parameters.get('q')?.value), Number(parameters.get('w')?.value)]
      return quota > 0 && window > 0 && window <= longestWindow ? [quota / window] : []
    })
  } catch {
    // A header that is none says nothing.
    return []
  }
}

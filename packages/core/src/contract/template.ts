import type { BodyTemplate, TemplateValue } from './request.ts'
import type { PreRequestScript, Signer } from './step.ts'

/**
 * How time tokens are written. Formats are strftime formats.
 *
 * Source: eZintegrations, "Time parameters".
 */
export interface TimeOptions {
  /** Format of `{%today%}` (default `%Y-%m-%d`). */
  todayFormat?: string
  /** Format of `{%yesterday%}` (default `%Y-%m-%d`). */
  yesterdayFormat?: string
  /** Format of `{%min_time%}` and `{%max_time%}` (default `%Y-%m-%dT%H:%M:%SZ`); with a zone other than UTC, write `%z` for its `Z`. */
  rollingFormat?: string
  /** Seconds between `min_time` and `max_time` (default 900). */
  rollingSeconds?: number
  /** Seconds added to the start of the send before days are taken (default 0). */
  offsetSeconds?: number
  /** IANA time zone in which days are calendar days (default `UTC`). */
  timeZone?: string
}

/** What the user writes: a request with `{{variables}}` and `{%runtime values%}`. */
export interface RequestTemplate {
  /** What tools call the request; not sent. */
  name?: string
  /** Such as `GET`; may hold variables. */
  method: string
  /** Its own query comes first, then `query`. */
  url: string
  /** Pairs after those of the URL, encoded when they are sent; `undefined` leaves one out. */
  query?: Record<string, TemplateValue> | readonly (readonly [string, TemplateValue])[]
  /** A record, or a list of pairs where a name stands more than once. */
  headers?: Record<string, string> | readonly (readonly [string, string])[]
  /** Left out: no body. */
  body?: BodyTemplate
  /** How `{%today%}`, `{%yesterday%}`, `{%min_time%}` and `{%max_time%}` are written. */
  time?: TimeOptions
  /** Scripts first, signers after them, in order. */
  preRequest?: (PreRequestScript | Signer)[]
}

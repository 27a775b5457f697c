import { headerOf, type PreparedRequest, type Provider } from '@ez/core'
import { optionsOfNobody, type ProviderModule } from '@ez/request-file/signed'
import type { SignatureDescription } from '@ez/signature'
import type { VerifyRequest, VerifySignatureOptions } from '@ez/signature/verify'
import type { Adapter, Options } from './adapter.ts'
import { nobodysPublicKey } from './keys.ts'
import { publicHalf } from './public-half.ts'

/** A scheme that is described as data. */
export interface Described {
  readonly id: string
  readonly title: string
  readonly use?: string
  readonly module: ProviderModule
  readonly verify: VerifyRequest
  /** Options that the request does not tell, and the verifier takes. */
  readonly told?: readonly string[]
  readonly description?: object
}

// Text and base64 at once: keys of both kinds can be made of it.
const nobodysSecret = 'bm9ib2R5'

/** How the page works with a described scheme. */
export function describedAdapter({
  id,
  title,
  use = `@ez/${id}`,
  module,
  verify,
  told = [],
  ...rest
}: Described): Adapter {
  const provider = module.provider as Provider<never>
  const { options: kinds = {}, ...description } = (rest.description ??
    module.description) as SignatureDescription
  const isSecret = (name: string): boolean => /^(?:secret|token)/.test(kindOf(kinds[name]))
  return {
    id,
    title,
    use,
    module,
    provider,
    nobody: (prepared) => ({
      ...Object.fromEntries(
        Object.entries(optionsOfNobody(provider.options)).map(([name, value]) => [
          name,
          kindOf(kinds[name]).startsWith('secret') || name === 'secret'
            ? /private|^key$/i.test(name)
              ? nobodysPublicKey
              : nobodysSecret
            : value,
        ]),
      ),
      ...tokensOf(prepared),
    }),
    async verify(prepared, options, now) {
      const secrets: Record<string, string> = {}
      const given = Object.entries(options)
      for (const [name, value] of given)
        if (typeof value === 'string' && (isSecret(name) || name === 'secret'))
          secrets[secretName(name, kinds)] = await publicHalf(value)
      const values = given.filter(([name]) => told.includes(name))
      return verify(prepared, {
        now,
        secretFor: () => secrets,
        ...(values.length > 0 && {
          options: Object.fromEntries(values) as NonNullable<VerifySignatureOptions['options']>,
        }),
        ...(id === 'cavage-signatures' && { requires: [] }),
      })
    },
    keySteps: () => keySteps(description as SignatureDescription),
  }
}

const kindOf = (rule: unknown): string =>
  typeof rule === 'string' ? rule : String((rule as { kind?: string } | undefined)?.kind ?? '')

// The provider for webhooks calls every sender's secret `secret`; Twilio's description says `authToken`.
const secretName = (name: string, kinds: Options): string =>
  name === 'secret' && !(name in kinds) && 'authToken' in kinds ? 'authToken' : name

// Tokens are sent in clear, and compared before anything is worked out.
function tokensOf({ headers }: PreparedRequest): Options {
  const [, accessToken] = /access_token=([^;]+)/.exec(headerOf(headers, 'authorization') ?? '') ?? []
  const securityToken = headerOf(headers, 'x-acs-security-token')
  const token = headerOf(headers, 'x-tc-token')
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(securityToken !== undefined && { securityToken }),
    ...(token !== undefined && { token }),
  }
}

interface Rule {
  readonly hmac?: string
  readonly sign?: string
  readonly chain?: string
  readonly key?: string
  readonly of?: string
  readonly over?: readonly string[]
  readonly as?: string
  readonly choose?: string
  readonly from?: Readonly<Record<string, Rule>>
}

function keySteps({ stages = {}, signature }: SignatureDescription): string[] {
  const steps = Object.entries(stages as Readonly<Record<string, Rule | string>>).flatMap(([name, rule]) =>
    typeof rule === 'object' && (rule.hmac ?? rule.chain) !== undefined
      ? [`${name} = ${ruleText(rule)}`]
      : [],
  )
  const rule = signature as Rule
  const choices = rule.from
    ? Object.entries(rule.from).map(([name, one]) => `signature (${name}) = ${ruleText(one)}`)
    : [`signature = ${ruleText(rule)}`]
  return [...steps, ...choices]
}

function ruleText({ hmac, sign, chain, key = '', of = '', over = [], as }: Rule): string {
  if (chain !== undefined) return `HMAC-${chain.toUpperCase()} from ${key} over ${over.join(', then ')}`
  const made =
    hmac === undefined
      ? `${(sign ?? 'sign').toUpperCase()}(${key}, ${of})`
      : `HMAC-${hmac.toUpperCase()}(${key.replace('|', ', ')}, ${of})`
  return as === undefined ? made : `${as}(${made})`
}

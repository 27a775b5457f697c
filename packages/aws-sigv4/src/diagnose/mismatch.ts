import type { Diagnosis, Difference } from '@ez/core'
import { differencesOf } from './differences.ts'
import type { RefusalBody } from './refusal-body.ts'
import type { SignedStages } from './signed-stages.ts'

/** Why a signature did not match, from what the service computed. */
export function explainMismatch(refusal: RefusalBody, signed: SignedStages): Diagnosis {
  const differences: Difference[] = []
  if (refusal.canonicalRequest !== undefined && signed.canonicalRequest !== undefined)
    differences.push(...differencesOf('canonical-request', refusal.canonicalRequest, signed.canonicalRequest))
  if (refusal.stringToSign !== undefined && signed.stringToSign !== undefined)
    differences.push(...differencesOf('string-to-sign', refusal.stringToSign, signed.stringToSign))
  if (refusal.canonicalRequest === undefined && refusal.stringToSign === undefined)
    return {
      cause: 'signature-mismatch',
      message:
        'The service computed another signature and does not say from what. Check the secret access key first, then that nothing changed the request after it was signed.',
    }
  if (differences.length === 0)
    return { cause: 'credential', message: explainSecret(refusal, signed), differences }
  const scope = differences.find(({ stage, line }) => stage === 'string-to-sign' && line === 3)
  const canonical = differences.filter(({ stage }) => stage === 'canonical-request')
  if (canonical.length === 0 && scope)
    return {
      cause: 'wrong-region',
      message: `The service expects the scope "${scope.expected}", and "${scope.signed}" was signed. Set region and service to it.`,
      differences,
    }
  return {
    cause: 'signature-mismatch',
    message:
      sentencesOf(canonical).join(' ') ||
      'The string to sign differs, and the service does not show its canonical request. Check that nothing changed the request after it was signed.',
    differences,
  }
}

/** Why the signatures differ where the texts do not. */
function explainSecret(refusal: RefusalBody, { signature, isOurs }: SignedStages): string {
  const provided = refusal.field('SignatureProvided')
  // Ours is masked in both places where the signature of a URL is.
  const isOther = signature !== undefined && isDigest(provided) && provided !== signature
  if (isOther && isOurs)
    return 'The service computed the same string to sign as we do now, and what it received bears another signature than the one of this secret access key: it was signed with another secret, or it is another request. Send it again as it is signed now.'
  const unknown =
    'Some stores, such as OpenStack Swift, answer the same for an access key id that they do not know.'
  return `The service computed the same string to sign, so the secret access key ${isOurs ? '' : 'that signed it '}is not the one of this access key id. ${unknown}`
}

function isDigest(text: string | undefined): text is string {
  return /^[0-9a-f]{64}$/.test(text ?? '')
}

/** The sentences of the lines that differ, the body first: what changed it changed the header of its hash too. */
function sentencesOf(differences: readonly Difference[]): string[] {
  const isHash = ({ expected, signed }: Difference): boolean =>
    `${expected}\n${signed}`.includes('x-amz-content-sha256:')
  const isPayload = ({ expected }: Difference): boolean => payload.test(expected)
  const changed = differences.find(isPayload)
  const rest = differences.filter((one) => one !== changed && !(changed && isHash(one)))
  return [...(changed ? [changed] : []), ...rest].map(explainLine)
}

const payload = /^(?:[0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)$/

function explainLine({ line, expected, signed }: Difference): string {
  if (line === 1)
    return `The method was ${signed} when signed and ${expected} when received: a redirect or a proxy changed it.`
  if (line === 2) return explainPath(expected, signed)
  if (line === 3)
    return `The query was "${signed}" when signed and "${expected}" when received: something after signing added, dropped or re-encoded a parameter.`
  const name = headerName(expected) ?? headerName(signed)
  if (name !== undefined) return explainHeader(name, expected, signed)
  if (expected === emptyHash)
    return 'The service received no body, and one was signed: a redirect or a proxy dropped it, or the method takes none.'
  if (expected === 'UNSIGNED-PAYLOAD')
    return "The service takes this body for unsigned. Set payload to 'unsigned'."
  if (/^[0-9a-f]{64}$|^STREAMING-/.test(expected))
    return 'The body that arrived is not the one that was signed: it was serialised again, or re-encoded, after signing.'
  return `The signed header names were "${signed}", and the service expects "${expected}".`
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function headerName(line: string): string | undefined {
  return /^([a-z0-9-]+):/.exec(line)?.[1]
}

function explainPath(expected: string, signed: string): string {
  const again = (path: string): string => path.replaceAll('%', '%25')
  if (again(expected) === signed)
    return 'The path was encoded twice, and this service encodes it once: set doubleEncode to false.'
  if (again(signed) === expected)
    return 'The path was encoded once, and this service encodes it twice: set doubleEncode to true.'
  if (expected.includes('//') && !signed.includes('//'))
    return 'The path was normalised, and this service takes it as it is: set normalizePath to false.'
  return `The path was "${signed}" when signed and "${expected}" when received: the URL was changed or re-encoded after signing.`
}

function explainHeader(name: string, expected: string, signed: string): string {
  if (name === 'x-amz-content-sha256')
    return 'The hash of the body was changed on the way: something read the body and signed it for another. Send what was signed.'
  if (name === 'x-amz-security-token')
    return signed === ''
      ? 'The session token was received and is not signed: give it as credentials.sessionToken.'
      : 'The session token that arrived is not the one that was signed, or did not arrive.'
  if (name === 'host')
    return `The host was signed as "${signed.slice(5)}" and received as "${expected.slice(5)}": a proxy or a tunnel changed it. Sign the name that the service sees.`
  if (expected === '' || expected === `${name}:`)
    return `The header ${name} was signed and did not arrive: a proxy dropped it. Leave it out of signedHeaders.`
  if (signed === '') return `The service signs the header ${name} too: name it in signedHeaders.`
  return `The header ${name} was changed on the way, probably by a proxy. Leave it out of signedHeaders, or send it as the proxy does.`
}

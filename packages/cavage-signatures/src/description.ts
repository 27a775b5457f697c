/**
 * Lines of `name: value` for the headers that the signature names, in their order.
 *
 * Source: draft-cavage-http-signatures-12, section 2.
 */
export const description = {
  id: 'cavage-signatures',
  source: 'https://datatracker.ietf.org/doc/html/draft-cavage-http-signatures-12',
  options: {
    keyId: 'credential',
    key: { kind: 'secret', about: 'PEM of the private key; the shared secret as text for an HMAC' },
    algorithm: {
      oneOf: ['rsa-sha256', 'rsa-sha512', 'hmac-sha256', 'hmac-sha512', 'ed25519'],
      default: 'rsa-sha256',
    },
    label: { default: 'hs2019', about: 'What is sent as algorithm' },
    headers: { list: ['(request-target)', 'host', 'date', 'digest?'] },
  },
  time: { date: 'http' },
  lists: {
    signed: {
      of: 'headers',
      only: '{headers}',
      with: { '(request-target)': '{method|lower} {target}', 'content-length': '{body|length}' },
      name: 'lower',
      value: 'trim',
      sort: 'none',
    },
  },
  stages: {
    digest: { when: { body: 'present' }, then: 'SHA-256={body|sha256|base64}', else: '' },
    names: { each: 'signed', write: '{name}', with: ' ' },
    'signing-string': { each: 'signed', write: '{name}: {value}', with: '\n' },
  },
  signature: {
    choose: 'algorithm',
    from: {
      'rsa-sha256': { sign: 'rsa-sha256', key: 'key', of: 'signing-string', as: 'base64' },
      'rsa-sha512': { sign: 'rsa-sha512', key: 'key', of: 'signing-string', as: 'base64' },
      ed25519: { sign: 'ed25519', key: 'key', of: 'signing-string', as: 'base64' },
      'hmac-sha256': { hmac: 'sha256', key: 'key', of: 'signing-string', as: 'base64' },
      'hmac-sha512': { hmac: 'sha512', key: 'key', of: 'signing-string', as: 'base64' },
    },
  },
  writes: {
    headers: {
      date: '{date}',
      'digest?': '{digest}',
      authorization: {
        prefix: 'Signature ',
        with: ',',
        quote: true,
        pairs: { keyId: '{keyId}', algorithm: '{label}', headers: '{names}', signature: '{signature}' },
      },
    },
  },
} as const

/**
 * Oracle Cloud Infrastructure: other headers are signed with a body than without, the digest has a header of its own.
 *
 * Source: Oracle, "Request Signatures".
 */
export const oci = {
  id: 'oci-signatures',
  source: 'https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm',
  options: {
    keyId: { kind: 'credential', about: 'tenancy/user/fingerprint' },
    privateKey: { kind: 'secret', about: 'PEM' },
  },
  time: { date: 'http' },
  lists: {
    signed: {
      of: 'headers',
      only: ['date', '(request-target)', 'host', 'content-length?', 'content-type?', 'x-content-sha256?'],
      with: {
        '(request-target)': '{method|lower} {target}',
        'content-length': {
          when: { method: ['POST', 'PUT', 'PATCH'] },
          then: '{body|length}',
          else: '',
        },
      },
      name: 'lower',
      value: 'trim',
      drop: 'empty',
      sort: 'none',
    },
  },
  stages: {
    'body-hash': {
      when: { method: ['POST', 'PUT', 'PATCH'] },
      then: '{body|sha256|base64}',
      else: '',
    },
    names: { each: 'signed', write: '{name}', with: ' ' },
    'signing-string': { each: 'signed', write: '{name}: {value}', with: '\n' },
  },
  signature: { sign: 'rsa-sha256', key: 'privateKey', of: 'signing-string', as: 'base64' },
  writes: {
    headers: {
      date: '{date}',
      'x-content-sha256?': '{body-hash}',
      authorization: {
        prefix: 'Signature ',
        with: ',',
        quote: true,
        pairs: {
          version: '1',
          headers: '{names}',
          keyId: '{keyId}',
          algorithm: 'rsa-sha256',
          signature: '{signature}',
        },
      },
    },
  },
} as const

/**
 * CyberSource: a shared secret in base64, in a header `Signature`.
 *
 * Source: CyberSource, "HTTP signature authentication".
 */
export const cyberSource = {
  id: 'cybersource-signatures',
  source:
    'https://developer.cybersource.com/docs/cybs/en-us/platform/developer/all/rest/rest-getting-started.html',
  options: {
    merchantId: 'text',
    keyId: 'credential',
    sharedSecret: { kind: 'secret', about: 'In base64' },
  },
  time: { date: 'http' },
  lists: {
    signed: {
      of: 'headers',
      only: ['host', 'date', '(request-target)', 'digest?', 'v-c-merchant-id'],
      with: { '(request-target)': '{method|lower} {target}' },
      name: 'lower',
      value: 'trim',
      sort: 'none',
    },
  },
  stages: {
    digest: { when: { body: 'present' }, then: 'SHA-256={body|sha256|base64}', else: '' },
    names: { each: 'signed', write: '{name}', with: ' ' },
    'signing-string': { each: 'signed', write: '{name}: {value}', with: '\n' },
  },
  signature: { hmac: 'sha256', key: 'sharedSecret|from-base64', of: 'signing-string', as: 'base64' },
  writes: {
    headers: {
      date: '{date}',
      'v-c-merchant-id': '{merchantId}',
      'digest?': '{digest}',
      signature: {
        with: ', ',
        quote: true,
        pairs: {
          keyid: '{keyId}',
          algorithm: 'HmacSHA256',
          headers: '{names}',
          signature: '{signature}',
        },
      },
    },
  },
} as const

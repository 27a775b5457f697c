interface Kind {
  readonly type: 'string' | 'boolean'
  readonly short?: string
}

// curl(1): the options that say what is sent.
const sent = {
  request: { type: 'string', short: 'X' },
  url: { type: 'string' },
  header: { type: 'string', short: 'H' },
  data: { type: 'string', short: 'd' },
  'data-raw': { type: 'string' },
  'data-ascii': { type: 'string' },
  'data-binary': { type: 'string' },
  'data-urlencode': { type: 'string' },
  json: { type: 'string' },
  form: { type: 'string', short: 'F' },
  'form-string': { type: 'string' },
  user: { type: 'string', short: 'u' },
  'user-agent': { type: 'string', short: 'A' },
  referer: { type: 'string', short: 'e' },
  cookie: { type: 'string', short: 'b' },
  range: { type: 'string', short: 'r' },
  'oauth2-bearer': { type: 'string' },
  'aws-sigv4': { type: 'string' },
  'upload-file': { type: 'string', short: 'T' },
  'url-query': { type: 'string' },
  get: { type: 'boolean', short: 'G' },
  basic: { type: 'boolean' },
  digest: { type: 'boolean' },
  ntlm: { type: 'boolean' },
  negotiate: { type: 'boolean' },
  anyauth: { type: 'boolean' },
  globoff: { type: 'boolean', short: 'g' },
  next: { type: 'boolean', short: ':' },
  head: { type: 'boolean', short: 'I' },
} as const

// How, not what: dropped without a word.
const dropped = {
  output: { type: 'string', short: 'o' },
  'output-dir': { type: 'string' },
  'write-out': { type: 'string', short: 'w' },
  'cookie-jar': { type: 'string', short: 'c' },
  'dump-header': { type: 'string', short: 'D' },
  'connect-timeout': { type: 'string' },
  'retry-delay': { type: 'string' },
  'retry-max-time': { type: 'string' },
  'max-redirs': { type: 'string' },
  'limit-rate': { type: 'string' },
  'keepalive-time': { type: 'string' },
  'speed-limit': { type: 'string', short: 'Y' },
  'speed-time': { type: 'string', short: 'y' },
  'parallel-max': { type: 'string' },
  'tls-max': { type: 'string' },
  stderr: { type: 'string' },
  trace: { type: 'string' },
  'trace-ascii': { type: 'string' },
  silent: { type: 'boolean', short: 's' },
  'show-error': { type: 'boolean', short: 'S' },
  location: { type: 'boolean', short: 'L' },
  include: { type: 'boolean', short: 'i' },
  verbose: { type: 'boolean', short: 'v' },
  fail: { type: 'boolean', short: 'f' },
  'fail-with-body': { type: 'boolean' },
  compressed: { type: 'boolean' },
  http1: { type: 'boolean', short: '0' },
  'http1.1': { type: 'boolean' },
  http2: { type: 'boolean' },
  ipv4: { type: 'boolean', short: '4' },
  ipv6: { type: 'boolean', short: '6' },
  'no-buffer': { type: 'boolean', short: 'N' },
  'progress-bar': { type: 'boolean', short: '#' },
  'no-progress-meter': { type: 'boolean' },
  'remote-name': { type: 'boolean', short: 'O' },
  'remote-header-name': { type: 'boolean', short: 'J' },
} as const

// How too, but the request may not succeed without it: said.
const said = {
  'max-time': { type: 'string', short: 'm' },
  retry: { type: 'string' },
  proxy: { type: 'string', short: 'x' },
  cacert: { type: 'string' },
  cert: { type: 'string', short: 'E' },
  key: { type: 'string' },
  insecure: { type: 'boolean', short: 'k' },
} as const

/** What `ez run` has for options of curl. */
const counterparts: Readonly<Record<keyof typeof said, string>> = {
  'max-time': 'ez run --timeout',
  retry: 'ez run --retries',
  proxy: 'HTTPS_PROXY in the environment',
  cacert: 'ez run --ca',
  cert: 'ez run --cert and --key',
  key: 'ez run --cert and --key',
  insecure: 'ez run --ca, which trusts one authority instead of all',
}

// Read so that their values are not taken for URLs; that they are left out is said.
const withValue =
  'abstract-unix-socket alt-svc capath cert-type ciphers config connect-to continue-at create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url ech egd-file engine etag-compare etag-save expect100-timeout ftp-account ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip help hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway key-type krb libcurl local-port login-options mail-auth mail-from mail-rcpt max-filesize netrc-file noproxy pass pinnedpubkey proto proto-default proto-redir proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file rate request-target resolve sasl-authzid service-name sigalgs socks4 socks4a socks5 socks5-gssapi-service socks5-hostname telnet-option tftp-blksize time-cond tls13-ciphers tlsauthtype tlspassword tlsuser trace-config unix-socket upload-flags variable vlan-priority'
const shorts: Readonly<Record<string, string>> = {
  config: 'K',
  'continue-at': 'C',
  'ftp-port': 'P',
  'proxy-user': 'U',
  quote: 'Q',
  'telnet-option': 't',
  'time-cond': 'z',
}
const unknown: Record<string, Kind> = Object.fromEntries(
  withValue
    .split(' ')
    .map((name) => [name, { type: 'string', ...(shorts[name] && { short: shorts[name] }) }] as const),
)

/** All options of curl that take a value, and those without one that are known, by their long names. */
export const options: ReadonlyMap<string, Kind> = new Map<string, Kind>(
  Object.entries({ ...unknown, ...sent, ...dropped, ...said }),
)

/** Long names by their one-letter forms. */
export const longNames: ReadonlyMap<string, string> = new Map(
  [...options].flatMap(([name, { short }]) => (short === undefined ? [] : [[short, name] as const])),
)

/** What is to be said of an option that was left out; `undefined` when it is understood, or does not matter. */
export function leftOut(name: string, rawName: string): string | undefined {
  if (Object.hasOwn(sent, name) || Object.hasOwn(dropped, name)) return undefined
  const counterpart = Object.hasOwn(said, name) ? counterparts[name as keyof typeof said] : undefined
  return counterpart === undefined
    ? `curl's ${rawName} has no counterpart here and was left out.`
    : `curl's ${rawName} is no part of the request and was left out: use ${counterpart}.`
}

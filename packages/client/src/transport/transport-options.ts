/** How connections are made; needs undici 8, on Node 22.19 or newer. */
export interface TransportOptions {
  /** Certificates: PEM texts or bytes. */
  readonly tls?: {
    /** Authorities to trust, in place of the built-in ones. */
    readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[]
    /** Client certificate. */
    readonly cert?: string | Uint8Array
    /** Key of the client certificate. */
    readonly key?: string | Uint8Array
  }
  /**
   * URL of an HTTP proxy, or `environment` for what `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say. A URL
   * without a scheme is `http://`.
   */
  readonly proxy?: string
  /** `host:port` to connect to in place of the URL's own. */
  readonly connectTo?: string
}

import type { Script } from '@ez/javascript/script'

const script: Script = (request, { wanted }) => {
  if (wanted.includes('body_hash'))
    publish('body_hash', crypto.sha256(request.resolved().body ?? '', 'base64'))
}

export { script }

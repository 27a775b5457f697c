import { EzError } from '@ez/core'
import { parseItem, serializeItem } from '@ez/core/structured-fields'
import { type Component, parseComponent } from '../component.ts'
import { componentValue, type Message } from '../component-value.ts'

/** A component of a response, or of the request that it answers. */
export interface ResponseComponent extends Component {
  /** Of the request that the response answers: the component without `req` (RFC 9421 section 2.4). */
  readonly ofRequest?: Component
}

/**
 * Reads a component as options name it: a header of the response, `@status`, or with `req` what a signature of the request
 * could cover: `"@method";req`, `"@query-param";name="id";req`.
 *
 * @throws EZ_OPTION_INVALID
 */
export function parseResponseComponent(text: string): ResponseComponent {
  const item = itemOf(text)
  const parameters = new Map(item?.parameters)
  const req = parameters.get('req')
  if (item && req?.type === 'boolean' && req.value) {
    parameters.delete('req')
    const ofRequest = parseComponent(serializeItem({ ...item, parameters }))
    return { ...ofRequest, identifier: serializeItem(item), name: `${ofRequest.name};req`, ofRequest }
  }
  if (text === '@status' || text === '"@status"')
    return { ...parseComponent('content-type'), identifier: '"@status"', name: '@status' }
  const component = parseComponent(text)
  if (!component.name.startsWith('@')) return component
  throw new EzError(
    'EZ_OPTION_INVALID',
    `http-message-signatures: component ${JSON.stringify(text)}: a response has @status and headers. What is of the request that it answers has ;req.`,
  )
}

/** The base of a response. @throws EZ_COMPONENT_MISSING */
export function createResponseBase(
  status: number,
  response: Message,
  request: Message | undefined,
  components: readonly ResponseComponent[],
  signatureParameters: string,
): string {
  const lines = components.map((component) => {
    const { identifier, name, ofRequest } = component
    if (ofRequest)
      return `${identifier}: ${componentValue(ofRequest, { ...answered(request), fieldTypes: response.fieldTypes })}`
    return `${identifier}: ${name === '@status' ? status : componentValue(component, response)}`
  })
  return [...lines, `"@signature-params": ${signatureParameters}`].join('\n')
}

function answered(request: Message | undefined): Message {
  if (request) return request
  throw new EzError(
    'EZ_COMPONENT_MISSING',
    'http-message-signatures: components name a part of the request that is answered. Give the request.',
  )
}

function itemOf(text: string): ReturnType<typeof parseItem> | undefined {
  try {
    return text.startsWith('"') ? parseItem(text, { refuseDuplicates: true }) : undefined
  } catch {
    return undefined
  }
}

import { z } from 'zod'
import { isAction } from '../../../schemas/actions.ts'
import type { Message } from '../../../schemas/message.ts'
import type { Dialect, Encoded, Unsupported } from '../dialect.ts'
import { unsupported } from '../encoded.ts'
import { answerJson } from '../json-answer.ts'
import { noSecret } from '../no-secret.ts'
import { callSoap } from './call.ts'
import { passwordName, secretsOf, type SecretOf } from './credentials.ts'
import { mapMessage, type Elements } from './mapping.ts'
import { SoapOptions, type Operation } from './options.ts'
import { outcomeOfAnswer } from './outcome.ts'

/**
 * A ministry's own SOAP service, described by data: which operation carries an action, which element holds which field, how the
 * answer is read. Encoded are the elements with their texts; the WSDL makes them XML when they are sent. A lost answer is in doubt
 * unless the body's options say that the recipient tells repeats apart.
 */
export const soapPush: Dialect = {
  name: 'soap-push',
  mode: 'push',
  repeatable: false,
  options: SoapOptions,
  address: ({ options }) => SoapOptions.parse(options).url,
  secrets: { [passwordName]: z.string().min(1).max(500) },
  verbs: [],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode(message, { options }) {
    const operation = operationOf(message, SoapOptions.parse(options))
    if (operation === undefined) return unsupported(noOperation(message))
    return encoded(message, operation)
  },
  async send({ message, encoded: { body } }, agency, transport, keys) {
    const options = SoapOptions.parse(agency.options)
    const operation = operationOf(message, options)
    if (operation === undefined)
      return { kind: 'unsendable', code: 'unsupported', reason: noOperation(message) }
    const missing = secretsOf(options).find((name) => keys.secrets(name).length === 0)
    if (missing !== undefined) return noSecret(agency, missing)
    const secretOf = (name: string) => keys.secrets(name)[0] ?? ''
    const elements = withSecrets(elementsIn(body), operation, secretOf)
    return outcomeOfAnswer(
      await callSoap({ agency, options, operation, elements, secretOf, transport }),
      options,
    )
  },
}

const operationOf = ({ action }: Message, { operations }: SoapOptions): Operation | undefined =>
  isAction(action) ? operations[action] : undefined

const noOperation = ({ action }: Message): string => `no operation is set for ${action}`

function encoded(message: Message, operation: Operation): Encoded | Unsupported {
  const { elements, lost } = mapMessage(message, operation)
  if (lost.length > 0) return unsupported(`${operation.name} cannot carry ${lost.join(', ')}`.slice(0, 500))
  const body = Buffer.from(JSON.stringify(elements))
  return { kind: 'encoded', seal: 'none', contentType: 'application/json', body, headers: {} }
}

const elementsIn = (body: Uint8Array): Elements => JSON.parse(Buffer.from(body).toString('utf8')) as Elements

/** In the place of an element of that name, else after all others. */
function withSecrets(elements: Elements, { secrets }: Operation, secretOf: SecretOf): Elements {
  const values = Object.entries(secrets).map(([element, name]) => [element, secretOf(name)])
  return { ...elements, ...(Object.fromEntries(values) as Elements) }
}

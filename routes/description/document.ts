import type { Dialect } from '../../adapters/agencies/dialect.ts'
import { actions, type ActionName } from '../../schemas/actions.ts'
import { createShapes, type Shapes } from '../../schemas/json-schema.ts'
import { ErrorShape } from '../../schemas/shapes.ts'
import type { Endpoint } from '../endpoint.ts'
import { ofEndpoint, ofVerb, type Described } from './described.ts'
import { examples } from './examples.ts'
import { operationOf, templateOf, type Part } from './operation.ts'
import { tagsOf } from './tags.ts'

export interface DescriptionDeps {
  readonly endpoints: readonly Endpoint[]
  readonly dialects: ReadonlyMap<string, Dialect>
  /** Version of this gateway, as package.json has it. */
  readonly version: string
}

const about = `Trục liên thông nhận, kiểm tra, niêm phong, lưu, chuyển và chứng minh thông điệp giữa các cơ quan. Gọi bằng khóa, thẻ OAuth2 hoặc chứng thư máy khách. Lỗi nào cũng có mã cố định, câu tiếng Việt và tiếng Anh, trường sai và cho biết có nên gửi lại không. Trường mới có thể được thêm vào câu trả lời: hãy bỏ qua trường chưa biết. Nội dung của từng loại thông điệp nằm trong mục Schemas, theo tên loại (\`dossier.submitted\`).

_The gateway takes messages from bodies, checks, seals, stores, delivers and proves them. Call with a key, an OAuth2 token or a client certificate. Every error has a stable code, a sentence in both languages, the field at fault and whether to try again. Answers may gain fields: ignore those you do not know. What each kind of message holds is under Schemas, by the name of its action._`

/** The description of every door in OpenAPI 3.1, made from the rows that the doors are mounted from. */
export function describeDoors({ endpoints, dialects, version }: DescriptionDeps): Part {
  const shapes = createShapes('#/components/schemas/')
  const rows = [
    ...[...dialects.values()].flatMap((dialect) => dialect.verbs.map((row) => ofVerb(row))),
    ...endpoints.map(ofEndpoint),
  ]
  const paths = pathsOf(rows, shapes)
  const payloads = payloadsOf(shapes)
  shapes.of(ErrorShape, 'output')
  return {
    openapi: '3.1.0',
    info: { title: 'Trục liên thông dịch vụ công', version, description: about },
    servers: [{ url: '/' }],
    tags: tagsOf(rows.map(({ tag }) => tag)),
    paths,
    components: {
      schemas: { ...shapes.components(), ...payloads },
      headers: { RetryAfter: retryAfter, ETag: etag },
      securitySchemes,
    },
  }
}

function pathsOf(rows: readonly Described[], shapes: Shapes): Part {
  const paths: Record<string, Record<string, Part>> = {}
  for (const { method, path } of rows) {
    const [first, ...more] = rows.filter((row) => row.method === method && row.path === path)
    const verb = method.toLowerCase()
    const item = (paths[templateOf(path)] ??= {})
    if (first !== undefined) item[verb] ??= operationOf([first, ...more], shapes)
  }
  return paths
}

function payloadsOf(shapes: Shapes): Part {
  return Object.fromEntries(
    Object.entries(actions).map(([action, { schema }]) => {
      const example = examples[action as ActionName] // a key of the same table
      return [
        action,
        { ...shapes.of(schema, 'input'), ...(example === undefined ? {} : { examples: [example] }) },
      ]
    }),
  )
}

const retryAfter = {
  description: 'Số giây nên chờ rồi gửi lại · Seconds to wait before the next try',
  schema: { type: 'integer', minimum: 1 },
}

const etag = {
  description:
    'Phiên bản của nội dung, để gửi lại trong If-Match · Version of what was answered, for If-Match',
  schema: { type: 'string' },
}

const securitySchemes = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'Khóa của cơ quan hoặc của người · The key of a body or of a person',
  },
  oauth: {
    type: 'oauth2',
    description: 'Thẻ ngắn hạn lấy bằng client credentials · A short-lived token',
    flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } },
  },
  clientCertificate: {
    type: 'mutualTLS',
    description: 'Chứng thư số của máy khách · A client certificate',
  },
}

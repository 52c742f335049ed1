import { z } from 'zod'
import type { Said } from '../../schemas/said.ts'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { ByCode, onlookers, people, Reason } from './shapes.ts'

const tag = 'registry'
const Values = z.array(z.string().min(1).max(100)).max(1_000)
const Answer = z.object({ values: z.array(z.string()) })
const Body = z.strictObject({ values: Values, reason: Reason.optional() })
const Name = z.object({ name: z.string().min(1).max(100) })

interface Named {
  readonly kind: 'aliases' | 'subscriptions'
  readonly all: Said
  readonly one: Said
  readonly replace: Said
}

const named: readonly Named[] = [
  {
    kind: 'aliases',
    all: { vi: 'Các bí danh', en: 'Aliases, and the bodies that they stand for' },
    one: { vi: 'Các cơ quan sau một bí danh', en: 'The bodies behind an alias' },
    replace: { vi: 'Đặt các cơ quan sau một bí danh', en: 'Set the bodies behind an alias' },
  },
  {
    kind: 'subscriptions',
    all: { vi: 'Các đăng ký nhận tin', en: 'Topics, and the bodies that subscribed' },
    one: { vi: 'Các cơ quan đăng ký một chủ đề', en: 'The bodies that subscribed to a topic' },
    replace: { vi: 'Đặt các cơ quan đăng ký một chủ đề', en: 'Set the bodies that subscribe to a topic' },
  },
]

/** Whom an alias stands for, who subscribed to what, and what a body may send. */
export function listEndpoints(administration: Administration): readonly Endpoint[] {
  return [...named.flatMap((row) => ofNames(row, administration)), ...ofGrants(administration)]
}

function ofNames({ kind, all, one, replace }: Named, { lists }: Administration): readonly Endpoint[] {
  const path = `/admin/v1/${kind}`
  return [
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: all,
      access: people,
      answer: z.object({
        items: z.array(z.object({ name: z.string(), values: z.array(z.string()) })),
        next: z.null(),
      }),
      handle: () => {
        const items = Object.entries(lists.all(kind)).map(([name, values]) => ({ name, values }))
        return Promise.resolve({ items, next: null })
      },
    }),
    endpoint({
      method: 'GET',
      path: `${path}/:name`,
      tag,
      summary: one,
      access: people,
      params: Name,
      answer: Answer,
      handle: ({ caller, params }) =>
        Promise.resolve().then(() => ({ values: lists.find(caller, kind, params.name) })),
    }),
    endpoint({
      method: 'PUT',
      path: `${path}/:name`,
      tag,
      summary: replace,
      access: ['admin'],
      params: Name,
      body: Body,
      answer: Answer,
      handle: async ({ caller, params, body }) => ({
        values: await lists.replace(caller, { kind, name: params.name, ...body }),
      }),
    }),
  ]
}

function ofGrants({ lists }: Administration): readonly Endpoint[] {
  const path = '/admin/v1/agencies/:code/grants'
  return [
    endpoint({
      method: 'GET',
      path,
      tag: 'agencies',
      summary: { vi: 'Các loại thông điệp cơ quan được gửi', en: 'Actions that a body may send' },
      access: onlookers,
      params: ByCode,
      answer: Answer,
      handle: ({ caller, params }) =>
        Promise.resolve().then(() => ({ values: lists.find(caller, 'grants', params.code) })),
    }),
    endpoint({
      method: 'PUT',
      path,
      tag: 'agencies',
      summary: { vi: 'Đặt các loại thông điệp cơ quan được gửi', en: 'Set the actions that a body may send' },
      access: ['admin'],
      params: ByCode,
      body: Body,
      answer: Answer,
      handle: async ({ caller, params, body }) => ({
        values: await lists.replace(caller, { kind: 'grants', name: params.code, ...body }),
      }),
    }),
  ]
}

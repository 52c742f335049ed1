import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorAnswer } from '../content.ts'
import type { Done } from '../door.ts'
import { writeSuccess } from './answers.ts'
import { agencyRows, agencyRowsOf2020, confirmRegistered, registered, unitRows } from './bodies.ts'
import { plain, rows, said, strange, writeRows, type Verb, type Written } from './verb.ts'

/** What the directory holds, to be written in some form. */
const bodies = (
  write: (found: BodiesFound, written: Written) => DoorAnswer,
): Pick<Verb, 'read' | 'write'> => ({
  read: () => ({ kind: 'lookup', wanted: { of: 'bodies' } }),
  write(written) {
    const { done } = written
    return done.kind === 'lookup' && done.found.of === 'bodies' ? write(done.found, written) : strange(done)
  },
})

type BodiesFound = Extract<Extract<Done, { kind: 'lookup' }>['found'], { of: 'bodies' }>

/** The verbs about the bodies of the directory, by name. */
export const directoryVerbs: Readonly<Record<string, Verb>> = {
  getAgenciesList: {
    ...rows,
    ...said('Danh sách cơ quan', 'The bodies of the directory'),
    ...bodies((found, { options }) => writeRows(agencyRows(found.bodies, options))),
  },
  getAgenciesListQD20: {
    ...rows,
    ...said('Danh sách cơ quan theo Quyết định 20/2020', 'The same with codes of both generations'),
    ...bodies((found, { args, options }) =>
      writeRows(agencyRowsOf2020(found.bodies, args.text('level'), options)),
    ),
  },
  getSynchronizeUnit: {
    ...rows,
    ...said('Đồng bộ danh mục đơn vị', 'The same for a copy, retired bodies too'),
    ...bodies((found, { options }) => writeRows(unitRows(found.bodies, found.version, options))),
  },
  registerAgency: {
    ...plain,
    ...said('Đăng ký đơn vị đã có trong danh bạ', 'Confirms a body that the registry has below the caller'),
    ...bodies((found, { request, options }) => {
      confirmRegistered(registered(request), found.bodies, options)
      return writeSuccess()
    }),
  },
  deleteAgency: {
    ...plain,
    ...said(
      'Xóa đơn vị: do quản trị viên của trục thực hiện',
      'Refused: the registry is its administrators’',
    ),
    read(args) {
      const reason = `${args.text('AgencyCode').slice(0, 64)} is removed by the administrators of the axis`
      throw new GatewayError('forbidden', { field: 'AgencyCode', reason })
    },
    write: ({ done }) => strange(done),
  },
}

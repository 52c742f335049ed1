import { z } from 'zod'
import { petitionActions } from '../dossiers/inboxes.ts'

const every = (seconds: number) => z.int().min(60).max(604_800).default(seconds)
const ServiceName = z.string().regex(/^[A-Za-z]{1,64}$/)

/** Services of catalogues: whole lists, so seldom (dvcqg §6). */
const Catalogs = z.strictObject({
  everySeconds: every(86_400),
  services: z
    .array(ServiceName.startsWith('LayDanhMuc'))
    .min(1)
    .max(32)
    .default(['LayDanhMucCoQuan', 'LayDanhMucLinhVuc']),
  /** Name of a service → the field of its rows that has the code. */
  codeFields: z.record(ServiceName, z.string().min(1).max(100)).default({}),
  /** Whether what a list holds no more is abolished here. */
  removals: z.boolean().default(false),
})

const Procedures = z.strictObject({
  everySeconds: every(86_400),
  /** Days after which the details of a procedure are asked for again; 0 = never, the list alone counts. */
  detailsEveryDays: z.int().min(0).max(365).default(7),
  removals: z.boolean().default(false),
})

const Questions = z.strictObject({
  everySeconds: every(86_400),
  services: z
    .array(z.enum(['LayDanhSachHoiDapGuiTuDVCQG', 'LayDanhSachHoiDapBoCoQuan']))
    .min(1)
    .default(['LayDanhSachHoiDapGuiTuDVCQG']),
  /** Whether the answer to a question that has none in its row is asked for by itself. */
  answersApart: z.boolean().default(true),
})

const Petitions = z.strictObject({
  everySeconds: every(3_600),
  /** How far back `tungay` reaches. */
  sinceDays: z.int().min(1).max(3_650).default(30),
  /** Whether each petition that is new or changed is asked for by itself. */
  details: z.boolean().default(true),
  /** TRANGTHAI as the portal writes it → what it says here; `pakn.received` for any other (dvcqg §8: its codes are not known). */
  states: z.record(z.string().max(100), z.enum(petitionActions)).default({}),
})

/** What of the portal is read, as a client of it. What is not named here is not asked for. */
export const PortalPoll = z.strictObject({
  /** Codes in the directory of the bodies whose questions and petitions are read; for the first of them catalogues are. */
  bodies: z.array(z.string().min(1).max(64)).min(1).max(100),
  /** Rows of one list; what is longer is not taken at all, and told of. */
  mostRows: z.int().min(1).max(100_000).default(20_000),
  questions: Questions.exactOptional(),
  petitions: Petitions.exactOptional(),
  catalogs: Catalogs.exactOptional(),
  procedures: Procedures.exactOptional(),
})

export type PortalPoll = z.infer<typeof PortalPoll>

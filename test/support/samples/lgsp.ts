import type { Payload } from '../../../schemas/message.ts'

/** A dossier as a client of LGSP writes it (dvcqg §14.1): a small letter L in `Attachmentld`, flags beside dates. */
export function lgspDocument(docCode: string, more: Payload = {}): Payload {
  return {
    ...{
      DocTypeCode: '1.009901',
      DocTypeName: 'Cấp lại giấy phép',
      DocCode: docCode,
      CitizenName: 'Phạm Thị Mẫu',
    },
    ...{ ApplicantsId: '022099000123', ApplicantsType: 1, Phone: '0900000101', Address: 'Thôn Thử' },
    ...{ DateReceived: '20261121083000', DateAppointed: '20261128170000', IsSuccess: false, SuccessDate: '' },
    ...{
      IsReturned: 'false',
      ReturnedDate: null,
      ReturnedType: 0,
      Status: 2,
      ProcessingOrganName: 'Sở Thử nghiệm',
    },
    Attachments: [{ Attachmentld: 880101, AttachmentName: 'don.pdf', IsDeleted: false, IsVerified: true }],
    DocFees: [{ FeeName: 'Lệ phí', FeeType: 2, Price: 150000.0 }],
    DocPapers: [{ PaperName: 'Bản chính', Amount: 1, PaperType: 1 }],
    ...{ OrganInchargeIdLevel1: 'H49.05', OrganInchargeName: 'Sở Thử nghiệm' },
    ...more,
  }
}

/** A trace of a dossier. */
export function lgspTrace(docCode: string, more: Payload = {}): Payload {
  return {
    ...{ DocumentId: '77', DocCode: docCode, UserName: 'Trần Văn Thử', UserPosition: 'Chuyên viên' },
    ...{ DateCreated: '20261121100000', Comment: 'Thẩm định hồ sơ', Status: 4 },
    ...{ OrganizationInchargeIdLevel1: 'H49.05', OrganizationInchargeName: 'Sở Thử nghiệm' },
    ...more,
  }
}

/** Figures of a month (dvcqg §13); `PreExtisting` is how it is written. */
export function lgspStatistic(more: Payload = {}): Payload {
  return {
    ...{ Month: 11, Year: 2026, IsMonthStatistic: true, NewReception: 120, PreExtisting: 30, Total: 150 },
    ...{
      TotalSolved: 100,
      SolvedInTime: 98,
      SolvedInTimePercent: 98.5,
      SolvedLate: 2,
      SolvedLatePercent: 1.5,
    },
    ...{ TotalPending: 50, Pending: 48, PendingLate: 2, PendingLatePercent: 4, PendingPercent: 96, Note: '' },
    ...{ OrganizationInchargeIdlevel1: 'H49', OrganizationInchargeName: 'Tỉnh Thử' },
    ...more,
  }
}

/** What people said of a body. */
export function lgspVote(more: Payload = {}): Payload {
  return {
    ...{ DateCreated: '20261121', TotalVoted: 40, PercentVeryGood: 75, PercentGood: 20.5, PercentBad: 4.5 },
    Questions: [{ Content: 'Thái độ phục vụ', PercentVeryGood: 80, PercentGood: 20, PercentBad: 0 }],
    ...{ OrganizationInchargeIdLevel1: 'H49', OrganizationInchargeName: 'Tỉnh Thử' },
    ...more,
  }
}

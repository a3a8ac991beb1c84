/** Reasons for which a request waits, or has ended without having begun. */

import type { ReasonEntry } from './entry.ts'

export const WAITING_REASONS = {
  RateLimited: {
    exitCode: 6,
    en: {
      cause: 'the target was restored as often as its rate limit allows (3 times an hour by default)',
      check: 'when the next one may run: modosu describe request NAME; the last ones: modosu get requests',
      remedy: [
        'check the application thoroughly after a restore, and restore again only where it is needed',
        'wait: the request starts by itself',
      ],
    },
    ja: {
      cause: '仕様上は1時間あたり3回のレート制限が設計されています。',
      check: '次に実行できる時刻を `modosu describe request NAME` で確認',
      remedy: [
        'リストア後は十分な動作確認を行ってから、必要な場合のみ再実行してください。',
        '待つ（時刻になると自動的に開始する）',
      ],
    },
  },
  Queued: {
    exitCode: 6,
    en: {
      cause: 'another restore of the same target is running, or as many as may run at once',
      check: 'which one: modosu get requests',
      remedy: ['wait: it starts by itself'],
    },
    ja: {
      cause: '同じ対象の別のリストアが実行中、または同時実行数の上限に達している',
      check: '`modosu get requests` で確認',
      remedy: ['待つ（自動的に開始する）'],
    },
  },
  TargetUnavailable: {
    exitCode: 6,
    en: {
      cause:
        'the file system of the database or of its backups is not mounted: the directory is missing, or an empty mount point',
      check: 'findmnt -T DIRECTORY; ls -la DIRECTORY',
      automatic:
        'the restore stays in its phase and looks again every few seconds; nothing is judged or changed until then',
      remedy: [
        'mount the file system: the restore goes on by itself',
        'make the daemon wait for it at the next boot: RequiresMountsFor= in a drop-in of its unit',
      ],
    },
    ja: {
      cause:
        'データベースまたはバックアップのファイルシステムがマウントされていない（ディレクトリが存在しない、または空のマウントポイント）',
      check: '`findmnt -T DIRECTORY`, `ls -la DIRECTORY` で確認',
      automatic: 'リストアは現在のフェーズのまま待機し、数秒ごとに再確認する（それまで何も変更しない）',
      remedy: [
        'ファイルシステムをマウントする（自動的に再開する）',
        '次回の起動に備え、ユニットのドロップインに RequiresMountsFor= を設定する',
      ],
    },
  },
  TargetLocked: {
    exitCode: 6,
    en: {
      cause: 'another process, perhaps another daemon, holds the lock of the target',
      check: 'who: fuser -v DATABASE.modosu-lock',
      remedy: ['run one daemon for a database', 'wait: it starts by itself'],
    },
    ja: {
      cause: '別のプロセス（別のデーモンなど）が対象のロックを保持している',
      check: '`fuser -v DATABASE.modosu-lock` で確認',
      remedy: ['1つのデータベースに対してデーモンは1つだけ動かす', '待つ（自動的に開始する）'],
    },
  },
  StateRolledBack: {
    exitCode: 6,
    en: {
      cause:
        'the state store is older than what was seen of it before, such as one from a backup or a snapshot: a request that waits in it may have run already',
      check: 'what shows it, and what is held: modosu state; what became of the requests: STATE/status/_ahead/',
      remedy: [
        'a request that has run: modosu cancel NAME (touches nothing)',
        'one that has not: modosu approve NAME',
        'let what comes from now on run again: modosu state accept',
      ],
    },
    ja: {
      cause:
        '状態ストアが以前に確認されたものより古い（バックアップやスナップショットから戻された場合など）。待機中のリクエストはすでに実行された可能性がある',
      check: '根拠と保留中のリクエストを `modosu state` で、その後の経過を `STATE/status/_ahead/` で確認',
      remedy: [
        '実行済みのリクエスト: `modosu cancel NAME`（何も変更しない）',
        '未実行のリクエスト: `modosu approve NAME`',
        '今後のリクエストを再び実行可能にする: `modosu state accept`',
      ],
    },
  },
  Suspended: {
    exitCode: 6,
    en: {
      cause: 'the request is suspended',
      check: 'by whom: modosu events --for NAME',
      remedy: ['modosu resume NAME'],
    },
    ja: {
      cause: 'リクエストが一時停止されている',
      check: '`modosu events --for NAME` で確認',
      remedy: ['`modosu resume NAME`'],
    },
  },
  FileChanging: {
    exitCode: 6,
    en: {
      cause: 'the file of the request is open for writing, was changed, or was removed since it was read',
      check: 'who has it open: fuser -v FILE; what is read of it: modosu validate -f FILE',
      remedy: [
        'wait: it starts when the file is closed and unchanged',
        'write requests elsewhere and move them in with mv',
      ],
    },
    ja: {
      cause: 'リクエストのファイルが書き込み中、または読み取り後に変更・削除された',
      check: '`fuser -v FILE` と `modosu validate -f FILE` で確認',
      remedy: [
        '待つ（ファイルが閉じられ、変更されなくなると自動的に開始する）',
        'リクエストは別の場所で作成し、`mv` でスプールに移す',
      ],
    },
  },
  NoHistory: {
    exitCode: 6,
    en: {
      cause: 'the state store was new when this file was found: nobody can say whether it has run before',
      check: 'whether the restore is still wanted',
      remedy: ['modosu approve NAME where it is', 'modosu cancel NAME, or remove its file, where it is not'],
    },
    ja: {
      cause: 'ファイル検出時に状態データベースが空だったため、過去に実行済みかどうか判断できない',
      check: 'このリストアが今も必要か確認',
      remedy: ['必要であれば `modosu approve NAME`', '不要であれば `modosu cancel NAME`、またはファイルを削除'],
    },
  },
  ApprovalRequired: {
    exitCode: 6,
    en: {
      cause: 'the request needs the approval of a second person',
      check: 'how many are missing: modosu describe request NAME',
      remedy: ['somebody else: modosu approve NAME'],
    },
    ja: {
      cause: '別の担当者の承認が必要',
      check: '`modosu describe request NAME` で必要数を確認',
      remedy: ['別の担当者が `modosu approve NAME`（重要なリストア作業は、二人以上で確認しながら実施してください）'],
    },
  },
  ChecklistRequired: {
    exitCode: 6,
    en: {
      cause:
        'the target is not restored before the checklist of the manual’s section 10 is complete (checklist: require)',
      check: 'which points are open: modosu checklist pre NAME',
      remedy: [
        'do what the points ask for, then: modosu checklist pre NAME --tick NUMBER',
        'mend what a point names that the program judges',
      ],
    },
    ja: {
      cause: '対象に checklist: require が設定されており、リストア前チェックリスト（手順書 10章）が完了していない',
      check: '`modosu checklist pre NAME` で未確認の項目を確認',
      remedy: [
        '各項目を確認し、`modosu checklist pre NAME --tick 番号` を実行',
        '自動判定の項目は、表示された原因を取り除く',
      ],
    },
  },
  WaitingForWindow: {
    exitCode: 6,
    en: {
      cause: 'the maintenance window of the request has not begun (spec.notBefore)',
      check: 'modosu describe request NAME',
      remedy: ['wait: it starts by itself', 'or edit spec.notBefore'],
    },
    ja: {
      cause: 'メンテナンスウィンドウの開始前（spec.notBefore）',
      check: '`modosu describe request NAME`',
      remedy: ['待つ（自動的に開始する）', 'または spec.notBefore を変更する'],
    },
  },
  WindowClosed: {
    exitCode: 12,
    en: {
      cause: 'the maintenance window ended before the restore could start (spec.notAfter)',
      check: 'what it was waiting for: modosu events --for NAME',
      remedy: ['ask again with a new window'],
    },
    ja: {
      cause: 'リストアの開始前にメンテナンスウィンドウが終了した（spec.notAfter）',
      check: '待機の理由を `modosu events --for NAME` で確認',
      remedy: ['新しいウィンドウを指定して再度依頼する'],
    },
  },
  Cancelled: {
    exitCode: 12,
    en: {
      cause: 'the restore was called off before anything was changed',
      check: 'by whom and why: modosu describe request NAME',
      remedy: ['modosu retry NAME where it is wanted after all'],
    },
    ja: {
      cause: 'データベースを変更する前にリストアが取り消された',
      check: '`modosu describe request NAME` で確認',
      remedy: ['必要であれば `modosu retry NAME`'],
    },
  },
  FileRemoved: {
    exitCode: 12,
    en: {
      cause: 'the file of the request was removed from the spool before the swap',
      check: 'who removed it: git log, or the history of the spool directory',
      remedy: ['modosu retry NAME where it is wanted after all'],
    },
    ja: {
      cause: '差し替え前にリクエストのファイルがスプールから削除された',
      check: '誰が削除したか確認（`git log` など）',
      remedy: ['必要であれば `modosu retry NAME`'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>

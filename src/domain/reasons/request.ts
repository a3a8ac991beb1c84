/** Reasons for which a request or a command is refused. */

import type { ReasonEntry } from './entry.ts'

export const REQUEST_REASONS = {
  ConfirmationRequired: {
    exitCode: 7,
    en: {
      cause: 'confirm is false or missing',
      check: 'spec.confirm of the manifest, or the body of the call',
      remedy: ['say "confirm": true once you are sure'],
    },
    ja: {
      cause: 'API呼び出しで `confirm` パラメータが `false` または未指定',
      check: 'マニフェストの spec.confirm またはリクエストボディを確認',
      remedy: ['リクエストボディに `"confirm": true` を追加'],
    },
  },
  InvalidSpec: {
    exitCode: 7,
    en: {
      cause: 'the manifest is not a valid RestoreRequest',
      check: 'line, column and path in the message; modosu validate -f FILE',
      remedy: ['correct the file; the daemon reads it again by itself'],
    },
    ja: {
      cause: 'マニフェストが RestoreRequest として正しくない',
      check: 'メッセージの行・列・パスを確認。`modosu validate -f FILE`',
      remedy: ['ファイルを修正する（デーモンが自動的に再読み込みする）'],
    },
  },
  Unreadable: {
    exitCode: 7,
    en: {
      cause: 'a file of the spool cannot be read as requests at all: its owner, mode or kind, or its syntax',
      check: 'what and where: modosu describe request FILE; modosu validate -f FILE',
      remedy: ['correct or remove the file; the daemon reads it again by itself'],
    },
    ja: {
      cause: 'spool のファイルをリクエストとして読み取れない（所有者・権限・種類、または構文）',
      check: '`modosu describe request FILE`、`modosu validate -f FILE`',
      remedy: ['ファイルを修正または削除する（デーモンが自動的に再読み込みする）'],
    },
  },
  InvalidSource: {
    exitCode: 7,
    en: {
      cause: 'spec.source says something that cannot be understood',
      check: 'modosu explain spec.source',
      remedy: ['correct the manifest'],
    },
    ja: {
      cause: 'spec.source の指定が正しくない',
      check: '`modosu explain spec.source`',
      remedy: ['マニフェストを修正する'],
    },
  },
  Unsupported: {
    exitCode: 7,
    en: {
      cause: 'the request asks for something that this version cannot do',
      check: 'the message names it; modosu version',
      remedy: ['leave that field out'],
    },
    ja: {
      cause: 'このバージョンでは対応していない機能が指定されている',
      check: 'メッセージと `modosu version` を確認',
      remedy: ['該当するフィールドを外す'],
    },
  },
  ExtractsNotConfigured: {
    exitCode: 7,
    en: {
      cause: 'mode: Extract was asked for, and the target has no folder for extracts',
      check: 'extracts.path of the target: modosu describe target NAME',
      remedy: [
        'set extracts.path of the target to a directory of its own, reload the configuration (systemctl reload modosu), and submit the request again',
        'or write the file yourself, without the daemon: modosu extract BACKUP --to FILE',
      ],
    },
    ja: {
      cause: 'mode: Extract が指定されたが、対象に取り出し先のフォルダが設定されていない',
      check: '対象の extracts.path を確認: `modosu describe target NAME`',
      remedy: [
        '対象の extracts.path に専用のディレクトリを設定し、設定を再読み込みして（`systemctl reload modosu`）、リクエストを再度送信する',
        'またはデーモンを使わずに自分で取り出す: `modosu extract BACKUP --to FILE`',
      ],
    },
  },
  ExtractsUnusable: {
    exitCode: 7,
    en: {
      cause:
        'no file can be written into the folder for extracts: it is missing, not writable, or not a directory of its own',
      check: 'ls -ld of extracts.path; the user of the daemon: systemctl show -p User modosu',
      automatic: 'nothing: the folder is looked at before anything is copied',
      remedy: [
        'make the directory, or correct its owner and mode: mkdir -m 0700, chown, chmod',
        'list it in ReadWritePaths= of the unit; then modosu retry NAME',
      ],
    },
    ja: {
      cause: '取り出し先のフォルダに書き込めない（存在しない、権限がない、または専用のディレクトリではない）',
      check: 'extracts.path を `ls -ld` で確認。デーモンのユーザー: `systemctl show -p User modosu`',
      automatic: 'なし（コピーの前に確認するため、何も書き込まれていない）',
      remedy: [
        'ディレクトリを作成する、または所有者・権限を修正する（`mkdir -m 0700`、`chown`、`chmod`）',
        'ユニットの ReadWritePaths= に追加し、`modosu retry NAME`',
      ],
    },
  },
  DuplicateName: {
    exitCode: 7,
    en: {
      cause: 'another request has this name and another spec; a name is the identity of a request',
      check:
        'the one that is stored: modosu diff -f FILE; of several files in the spool, none runs: the message names them',
      remedy: ['give the new request a name of its own', 'of several files in the spool, leave the one that is meant'],
    },
    ja: {
      cause: '同じ名前で内容の異なるリクエストが既に存在する（名前がリクエストの識別子）',
      check:
        '`modosu diff -f FILE` で保存済みの内容と比較。スプール内の複数のファイルが同じ名前を持つ場合はどれも実行されない（メッセージに表示）',
      remedy: ['新しいリクエストに別の名前を付ける', 'スプール内に複数ある場合は、必要なファイルだけを残す'],
    },
  },
  OtherNode: {
    exitCode: 7,
    en: {
      cause: 'spec.nodeName or spec.nodeSelector asks for another node than the one whose daemon was asked',
      check: 'node.name and node.labels of the configuration; without node.name it is the host name',
      remedy: ['submit the request on that node', 'or leave spec.nodeName and spec.nodeSelector out'],
    },
    ja: {
      cause: 'spec.nodeName または spec.nodeSelector が別のノードを指定している',
      check: '設定の node.name と node.labels を確認（node.name 省略時はホスト名）',
      remedy: ['そのノードで実行する', 'または spec.nodeName と spec.nodeSelector を外す'],
    },
  },
  Conflict: {
    exitCode: 7,
    en: {
      cause: 'the phase in which the request is does not allow this',
      check: 'modosu describe request NAME',
      remedy: ['what the hint says; most often: wait for its end'],
    },
    ja: {
      cause: 'リクエストの現在のフェーズではこの操作を実行できない',
      check: '`modosu describe request NAME`',
      remedy: ['ヒントに従う（多くの場合は終了を待つ）'],
    },
  },
  Denied: {
    exitCode: 4,
    en: {
      cause: 'this person may not do this: the requester cannot approve their own request',
      check: 'who has asked and who has approved: modosu describe request NAME',
      remedy: ['ask a second person with admin rights (manual 2.1, 2.5)'],
    },
    ja: {
      cause: 'この操作の権限がない（自分のリクエストは自分で承認できない）',
      check: '`modosu describe request NAME` で依頼者と承認者を確認',
      remedy: ['admin権限を持つ別のユーザーに依頼する'],
    },
  },
  NotFound: {
    exitCode: 5,
    en: {
      cause: 'there is nothing of this name',
      check: 'list what there is: modosu get requests, modosu get safety',
      remedy: ['use the right name'],
    },
    ja: {
      cause: '指定された名前のものが存在しない',
      check: '`modosu get requests`, `modosu get safety` で一覧を確認',
      remedy: ['正しい名前を指定する'],
    },
  },
  TargetNotFound: {
    exitCode: 5,
    en: {
      cause: 'the configuration has no target of this name',
      check: 'modosu get targets',
      remedy: ['use the right name', 'or add the target to the configuration'],
    },
    ja: {
      cause: '設定ファイルに指定された名前の対象がない',
      check: '`modosu get targets`',
      remedy: ['正しい名前を指定する', '設定ファイルに対象を追加する'],
    },
  },
  UnknownTarget: {
    exitCode: 7,
    en: {
      cause: 'the request names a target that the daemon’s configuration does not have',
      check: 'modosu get targets',
      remedy: ['correct spec.target', 'or add the target to the configuration and restart the daemon'],
    },
    ja: {
      cause: 'リクエストの spec.target がデーモンの設定にない',
      check: '`modosu get targets`',
      remedy: ['spec.target を修正する', '設定に対象を追加してデーモンを再起動する'],
    },
  },
  DeadlineExceeded: {
    exitCode: 7,
    en: {
      cause: 'the restore did not end within spec.activeDeadlineSeconds',
      check: 'which phase took the time: modosu describe request NAME',
      remedy: ['mend what is slow', 'give it more time: spec.activeDeadlineSeconds'],
    },
    ja: {
      cause: 'リストアが spec.activeDeadlineSeconds 以内に終わらなかった',
      check: '`modosu describe request NAME` で時間のかかったフェーズを確認',
      remedy: ['遅い原因を取り除く', 'spec.activeDeadlineSeconds を延ばす'],
    },
  },
  CrashLoop: {
    exitCode: 7,
    en: {
      cause: 'the daemon was started again and again while this restore was under way',
      check: 'why: journalctl -u modosu',
      automatic: 'the restore was given up before anything was changed',
      remedy: ['mend the cause, then: modosu retry NAME'],
    },
    ja: {
      cause: 'このリストアの実行中にデーモンが繰り返し再起動した',
      check: '`journalctl -u modosu` で原因を確認',
      automatic: 'データベースを変更する前にリストアを中止した',
      remedy: ['原因を取り除いてから `modosu retry NAME`'],
    },
  },
} as const satisfies Readonly<Record<string, ReasonEntry>>

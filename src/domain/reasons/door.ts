/** Reasons around the daemon's doors: one that cannot be opened or used, and messages that are no request yet. */

import type { ReasonEntry, ReasonText } from './entry.ts'

/** All of them are the client's to mend, and a person meets them only when writing one. */
function refused(en: string, ja: string): ReasonEntry {
  const english: ReasonText = { cause: en, check: 'what was sent, and its headers', remedy: ['send it anew'] }
  const japanese: ReasonText = { cause: ja, check: '送信内容とヘッダーを確認', remedy: ['修正して再送する'] }
  return { exitCode: 2, en: english, ja: japanese }
}

export const DOOR_REASONS = {
  DaemonUnreachable: {
    exitCode: 1,
    en: {
      cause: 'nobody answers on the control socket: the daemon does not run, or uses another configuration',
      check: 'systemctl status modosu; journalctl -u modosu -n 50',
      remedy: ['systemctl start modosu, or modosu daemon --config FILE'],
    },
    ja: {
      cause: 'デーモンが応答しない（停止している、または別の設定で動作している）',
      check: '`systemctl status modosu`、`journalctl -u modosu -n 50`',
      remedy: ['`systemctl start modosu`、または `modosu daemon --config FILE`'],
    },
  },
  SocketAccessDenied: {
    exitCode: 4,
    en: {
      cause: 'you may not use the control socket: its owner and group may',
      check: 'ls -l SOCKET; id',
      remedy: ['run the command with sudo', 'ask for membership in the socket’s group (manual 2.1)'],
    },
    ja: {
      cause: '制御ソケットを使用する権限がない（所有者とグループのみ）',
      check: '`ls -l SOCKET`、`id`',
      remedy: ['sudo を付けて実行する', 'リストアが必要な場合は、admin権限を持つユーザーに依頼してください。'],
    },
  },
  SocketUnavailable: {
    exitCode: 1,
    en: {
      cause: 'the daemon cannot make its control socket: the path is taken, too long, or not writable',
      check: 'ls -l SOCKET; is another daemon running?',
      remedy: ['set api.socket to a path of its own'],
    },
    ja: {
      cause: '制御ソケットを作成できない（使用中、パスが長すぎる、または書き込めない）',
      check: '`ls -l SOCKET`、別のデーモンが動作していないか確認',
      remedy: ['api.socket に別のパスを指定する'],
    },
  },
  ListenFailed: {
    exitCode: 1,
    en: {
      cause: 'a port is taken, or may not be used',
      check: 'lsof -i :PORT',
      remedy: ['choose another port in the configuration', 'stop the process that has it'],
    },
    ja: {
      cause: 'ポートが使用中、または使用を許可されていない',
      check: '`lsof -i :PORT` で確認してください。',
      remedy: ['設定で別のポートを指定する', 'ポートを使用しているプロセスを停止する'],
    },
  },
  Unauthorized: {
    exitCode: 4,
    en: {
      cause: 'the call has no credential, or one that is wrong, has expired, or has been revoked',
      check: 'what is sent as Authorization: Bearer, or as the session cookie',
      remedy: ['log in again: POST /api/v1/auth/login'],
    },
    ja: {
      cause: '認証情報がない、または無効・期限切れ・失効済み',
      check: 'Authorization: Bearer またはセッション Cookie の内容を確認',
      remedy: ['再度ログインする: POST /api/v1/auth/login'],
    },
  },
  Forbidden: {
    exitCode: 4,
    en: {
      cause: 'the role of the user does not allow this, for this target or for what does not exist',
      check: 'which role the user has',
      remedy: ['ask an administrator (manual 2.1)'],
    },
    ja: {
      cause: 'ユーザーのロールでは許可されていない（対象が存在しない場合も同じ応答）',
      check: 'ユーザーのロールを確認',
      remedy: ['リストアが必要な場合は、admin権限を持つユーザーに依頼してください。'],
    },
  },
  InvalidCertificate: {
    exitCode: 1,
    en: {
      cause: 'the certificate or the key of the HTTPS API cannot be read, or they are no pair',
      check: 'openssl x509 -in CERT -noout -text; ls -l CERT KEY',
      remedy: ['give PEM files that belong together, the key without a passphrase', 'or api.tls: {selfSigned: true}'],
    },
    ja: {
      cause: 'HTTPS API の証明書または秘密鍵を読み取れない、または組になっていない',
      check: '`openssl x509 -in CERT -noout -text`、`ls -l CERT KEY`',
      remedy: [
        '対になる PEM ファイル（パスフレーズなしの鍵）を指定する',
        'または api.tls: {selfSigned: true} を指定する',
      ],
    },
  },
  TooManyRequests: {
    exitCode: 6,
    en: {
      cause: 'too many calls, or too many wrong passwords, in too short a time',
      check: 'Retry-After of the answer: the seconds until the next try',
      remedy: ['wait, then try again'],
    },
    ja: {
      cause: '短時間の呼び出し、またはパスワードの誤りが多すぎる',
      check: '応答の Retry-After（次に試行できるまでの秒数）を確認',
      remedy: ['時間をおいて再試行する'],
    },
  },
  DaemonStopping: {
    exitCode: 6,
    en: {
      cause: 'the daemon is stopping: a restore that has stopped an application is carried to its end first',
      check: 'systemctl status modosu',
      remedy: ['try again when it is back'],
    },
    ja: {
      cause: 'デーモンの停止処理中（実行中のリストアは完了まで継続される）',
      check: '`systemctl status modosu`',
      remedy: ['再起動後に再試行する'],
    },
  },
  CrossOrigin: {
    exitCode: 4,
    en: {
      cause: 'a web page of another origin made the browser call with the cookie of this one',
      check: 'the address in the browser, and whether a proxy passes the Host header on',
      remedy: ['call from the page of the daemon itself', 'or send the token as Authorization: Bearer'],
    },
    ja: {
      cause: '別のオリジンのページから、Cookie を使って呼び出された',
      check: 'ブラウザーのアドレス、およびプロキシが Host ヘッダーを渡しているかを確認',
      remedy: ['デーモン自身のページから操作する', 'または Authorization: Bearer でトークンを送る'],
    },
  },
  ReauthenticationRequired: {
    exitCode: 4,
    en: {
      cause: 'the password was not given again for this restore, or more than two minutes ago, or for another backup',
      check: 'auth.reauth in the configuration',
      remedy: ['POST /api/v1/auth/reauth, then send the proof with the restore'],
    },
    ja: {
      cause: 'パスワードの再入力がない、2分以上経過した、または別のバックアップに対するもの',
      check: '設定の auth.reauth を確認',
      remedy: ['POST /api/v1/auth/reauth の後、証明を付けてリストアを実行する'],
    },
  },
  InvalidUsersFile: {
    exitCode: 1,
    en: {
      cause: 'the file of users cannot be used: it has a mistake, or others may read or write it',
      check: 'ls -l FILE; the message names line and column',
      remedy: ['chmod 600 FILE', 'write it with modosu user'],
    },
    ja: {
      cause: 'ユーザーファイルを使用できない（内容の誤り、または他のユーザーが読み書きできる）',
      check: '`ls -l FILE`、メッセージの行と列を確認',
      remedy: ['`chmod 600 FILE`', 'modosu user コマンドで作成する'],
    },
  },
  WeakKey: {
    exitCode: 1,
    en: {
      cause: 'the key that signs the application’s tokens can be guessed or computed',
      check: 'wc -c FILE',
      remedy: ['give the application and auth.jwt a secret of 32 random bytes or more: openssl rand -base64 48'],
    },
    ja: {
      cause: 'アプリケーションのトークン署名鍵が弱く、推測または計算できる',
      check: '`wc -c FILE`',
      remedy: ['アプリケーションと auth.jwt に 32 バイト以上のランダムな秘密鍵を設定する: `openssl rand -base64 48`'],
    },
  },
  InvalidKey: {
    exitCode: 1,
    en: {
      cause:
        'the key of the application’s tokens cannot be read or is of another kind than auth.jwt says, or the secret of auth.openidConnect cannot be read',
      check: 'auth.jwt and auth.openidConnect in the configuration; ls -l FILE',
      remedy: ['give the key that fits auth.jwt.algorithm', 'give a file with the client secret alone'],
    },
    ja: {
      cause:
        'アプリケーションのトークン検証鍵を読み取れないか auth.jwt の種類と一致しない、または auth.openidConnect のシークレットを読み取れない',
      check: '設定の auth.jwt と auth.openidConnect、`ls -l FILE`',
      remedy: ['auth.jwt.algorithm に合う鍵を指定する', 'クライアントシークレットだけを含むファイルを指定する'],
    },
  },
  IdentityProviderUnavailable: {
    exitCode: 6,
    en: {
      cause: 'the OpenID Connect issuer, or auth.jwt.jwksUrl, does not answer, or answers with a failure of its own',
      check:
        'curl ISSUER/.well-known/openid-configuration, or curl JWKS_URL, on the host of the daemon; IPAddressAllow of the unit',
      remedy: ['log in again when it answers', 'or as a user of Modosu itself: modosu user add NAME --role admin'],
    },
    ja: {
      cause: 'OpenID Connect の発行者（IdP）または auth.jwt.jwksUrl が応答しない、またはエラーを返した',
      check:
        'デーモンのホストで `curl ISSUER/.well-known/openid-configuration` または `curl JWKS_URL`、ユニットの IPAddressAllow を確認',
      remedy: [
        '応答が戻ってから再度ログインする',
        'または Modosu 自身のユーザーでログインする: `modosu user add NAME --role admin`',
      ],
    },
  },
  InvalidArgument: refused('an argument is missing or has the wrong form', '引数がない、または形式が正しくない'),
  InvalidJson: refused('the body is no JSON object', 'リクエストボディが JSON オブジェクトではない'),
  BodyTooLarge: refused('the body is larger than 64 KiB', 'リクエストボディが 64 KiB を超えている'),
  UnsupportedMediaType: refused('the body is neither JSON nor YAML', 'リクエストボディが JSON でも YAML でもない'),
  ResourceExpired: refused(
    'the place in a list or a watch is not known any more: too many changes lie between, or the state store is another one',
    '一覧または監視の位置が古すぎる（その後の変更が多すぎるか、状態ストアが別のもの）',
  ),
  NotServed: refused('the daemon does not offer this', 'この機能は提供されていない'),
} as const satisfies Readonly<Record<string, ReasonEntry>>

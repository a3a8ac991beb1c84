/** Reports and checklists: commands and configuration. Their own words are in `domain/papers/`, in both languages. */

export const PAPERS = {
  'the report of a restore, ready to send': 'リストアの報告書を出力する',
  'Prints the report of a restore in the form of the manual’s section 12.2, filled in from what is recorded, and below it rows lost, checks, who did what, and the related documents of `report.links`. What is not known says so. Works with the daemon down.':
    '手順書 12.2 の様式でリストアの報告書を出力します。記録から記入し、続けて失われた行、検証、実施した人、`report.links` の関連文書を示します。分からない項目は「不明」と書きます。デーモンが停止していても使えます。',
  'to be pasted into a ticket or a chat': 'チケットやチャットに貼り付ける',
  'the same in English': '英語で出力する',
  'one file to print or attach': '印刷・添付用の 1 つのファイル',
  'What reports and checklists show besides what is known of a restore (manual 10, 12.2, 13).':
    'リストアの記録のほかに報告書とチェックリストに示すもの（手順書 10、12.2、13）。',
  'Related documents, such as the runbook of the application (manual 13).':
    'アプリケーションの手順書などの関連文書（手順書 13）。',
  'Its http or https address.': 'http または https のアドレス。',
  'Whom to call in an emergency (manual 10-10, 12).': '緊急時の連絡先（手順書 10-10、12）。',
  'A person or a role.': '人または役割。',
  'A telephone number, an address, a channel.': '電話番号、アドレス、チャンネル。',
  "The time zone of the times in reports, as IANA names it. Without it: that of the target's backups.":
    '報告書の時刻のタイムゾーン（IANA の名前）。省略時は対象のバックアップのタイムゾーン。',
} as const

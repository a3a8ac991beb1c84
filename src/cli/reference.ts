/** References as `-o name` prints them and every command takes them back: `restorerequest.modosu.dev/inc-4711`. */

/** As kubectl prints a custom resource. */
export function requestReference(name: string): string {
  return `restorerequest.modosu.dev/${name}`
}

const KIND =
  /^(restorerequests?(\.modosu\.dev)?|requests?|rr|bk|sb|tg|targets|backup|safetybackup|target|audit|event|spoolfile)\//

/** The name alone; a backup's own name may be a path, so only a known kind is taken off. */
export function plainName(reference: string): string {
  return reference.replace(KIND, '')
}

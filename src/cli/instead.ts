/** Words of kubectl, and of habit, that are no commands here: what to type instead. */

const INSTEAD: Readonly<Record<string, string>> = {
  edit: 'a request is its file: edit that in the spool while it waits (modosu describe request NAME names it), or cancel it and submit another',
  patch: 'a request is its file: edit that in the spool while it waits, or cancel it and submit another',
  replace: 'a request is its file: edit that in the spool while it waits, or cancel it and submit another',
  create: 'modosu apply -f FILE, or modosu restore BACKUP',
  run: 'modosu apply -f FILE, or modosu restore BACKUP',
  exec: 'nothing runs inside a request; look at a backup on a copy: modosu verify BACKUP',
  attach: 'modosu wait NAME --progress',
  rollout: 'modosu rollback --target TARGET undoes a restore; modosu wait NAME --progress follows one',
  undo: 'modosu rollback --target TARGET',
  scale: 'a restore runs once; how many run at the same time is concurrency of the configuration',
  autoscale: 'a restore runs once; how many run at the same time is concurrency of the configuration',
  label: 'labels stand in metadata.labels of the manifest',
  annotate: 'annotations stand in metadata.annotations of the manifest',
  top: 'modosu disk for space; modosu get requests -w for what runs',
  cp: 'modosu restore BACKUP --drill rehearses a restore; the files of a backup: modosu describe backup ID',
  'port-forward': 'metrics.listen of the configuration says where /metrics is',
  proxy: 'metrics.listen of the configuration says where /metrics is',
  config: 'the configuration is one file: modosu --config FILE; modosu explain configuration',
  'api-resources': 'modosu get --help',
  'api-versions': 'modosu version',
  'cluster-info': 'modosu get targets, modosu version',
  auth: 'who may ask for restores: whoever may write into the spool, or to the control socket',
  status: 'modosu get requests, modosu describe request NAME; of the daemon: systemctl status modosu',
  start: 'of the daemon: systemctl start modosu; of a request: modosu resume NAME',
  stop: 'of the daemon: systemctl stop modosu; of a request: modosu cancel NAME',
  restart: 'systemctl restart modosu',
  list: 'modosu get requests',
  ls: 'modosu get requests',
  show: 'modosu describe request NAME',
  rm: 'modosu delete NAME',
  history: 'modosu get audit, modosu events',
  log: 'modosu logs NAME',
}

/** What to do instead of the command; undefined: it is no known word either. */
export function insteadOf(command: string): string | undefined {
  return Object.hasOwn(INSTEAD, command) ? INSTEAD[command] : undefined
}
